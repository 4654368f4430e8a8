using System.ComponentModel;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents a row that a context with change-tracking proxies accepts although it is not a proxy.</summary>
/// <remarks>Nothing is ever raised: a row is added as it was created, and is changed and deleted by statements only.</remarks>
internal abstract class NotifyingRow : INotifyPropertyChanging, INotifyPropertyChanged
{
    public event PropertyChangingEventHandler? PropertyChanging
    {
        add { }
        remove { }
    }

    public event PropertyChangedEventHandler? PropertyChanged
    {
        add { }
        remove { }
    }
}

using System.ComponentModel;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>
/// Provides the base class of rows, which contexts with change-tracking proxies accept although the rows are not proxies.
/// </summary>
/// <remarks>The events are never raised: rows are added unchanged, and are changed and deleted by statements.</remarks>
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

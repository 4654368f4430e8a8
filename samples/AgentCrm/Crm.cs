using System.Collections.Concurrent;

namespace AgentCrm;

/// <summary>Stores the records of each company in memory.</summary>
internal sealed class Crm(TimeProvider clock)
{
    /// <summary>The company of the demo users. It has one booking.</summary>
    public const string DemoCompany = "company_demo";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Guid, Lead>> _leads = new();
    private readonly ConcurrentQueue<(string Company, Contact Call)> _calls = new();
    private readonly ConcurrentQueue<(string Company, Contact Message)> _messages = new();
    private readonly Booking _demo = new(Guid.NewGuid(), "Lan", clock.GetUtcNow().AddDays(1));

    public IEnumerable<Lead> Search(string company, string? text) => Leads(company).Values
        .Where(lead => string.IsNullOrEmpty(text)
            || lead.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || lead.Phone.Contains(text, StringComparison.Ordinal))
        .OrderBy(lead => lead.CreatedAt);

    public Lead? Find(string company, Guid id) => Leads(company).GetValueOrDefault(id);

    public Lead Create(string company, string name, string phone)
    {
        var lead = new Lead(Guid.NewGuid(), name, phone, clock.GetUtcNow());
        return Leads(company)[lead.Id] = lead;
    }

    public Lead? Update(string company, Guid id, string? name, string? phone)
    {
        while (Find(company, id) is { } lead)
        {
            var changed = lead with { Name = name ?? lead.Name, Phone = phone ?? lead.Phone };
            if (Leads(company).TryUpdate(id, changed, lead))
            {
                return changed;
            }
        }

        return null;
    }

    public IEnumerable<Booking> Bookings(string company) => company == DemoCompany ? [_demo] : [];

    public Contact? LogCall(string company, Guid leadId, string note) => Add(_calls, company, leadId, note);

    public Contact? SendMessage(string company, Guid leadId, string text) => Add(_messages, company, leadId, text);

    public Analytics Analytics(string company) => new(
        Leads(company).Count,
        Bookings(company).Count(),
        _calls.Count(call => call.Company == company),
        _messages.Count(message => message.Company == company));

    private Contact? Add(ConcurrentQueue<(string, Contact)> all, string company, Guid leadId, string text)
    {
        if (Find(company, leadId) is null)
        {
            return null;
        }

        var contact = new Contact(Guid.NewGuid(), leadId, text, clock.GetUtcNow());
        all.Enqueue((company, contact));
        return contact;
    }

    private ConcurrentDictionary<Guid, Lead> Leads(string company) => _leads.GetOrAdd(company, _ => new());
}

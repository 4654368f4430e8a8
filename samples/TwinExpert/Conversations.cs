using System.Collections.Concurrent;

namespace TwinExpert;

/// <summary>Stores the conversations of each account in memory.</summary>
internal sealed class Conversations(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Conversation> _all = new();

    public IEnumerable<Conversation> Of(string account) =>
        _all.Values.Where(conversation => conversation.Account == account).OrderBy(conversation => conversation.CreatedAt);

    public Conversation? Find(string account, string id) =>
        _all.TryGetValue(id, out var conversation) && conversation.Account == account ? conversation : null;

    public Conversation Start(string account, string twinId)
    {
        var conversation = new Conversation($"conv_{Guid.NewGuid():N}", twinId, clock.GetUtcNow(), account);
        _all[conversation.Id] = conversation;
        return conversation;
    }

    public Message Send(Conversation conversation, string content)
    {
        var message = new Message($"msg_{Guid.NewGuid():N}", content, clock.GetUtcNow());
        conversation.Messages.Enqueue(message);
        return message;
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>A log template may name only what is no secret, and every event has a number of its own.</summary>
public sealed class LogTests
{
    // Ids, names the app gave, counts and settings. Never a key, a hash, a header's value, an address or a message of somebody else.
    private static readonly string[] Allowed =
    [
        "Actor", "Alert", "AlertId", "Attempt", "Count", "Days", "Exception", "File", "KeyId", "Kind", "Limit", "Member", "Outcome", "Problems", "Reason",
        "Scheme", "Section", "Store", "Subject", "Target", "Timeout",
    ];

    private static readonly MethodInfo[] Events =
        [.. typeof(Log).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(LoggerMessageAttribute)))];

    [Test]
    public void Template_Placeholders_AreAllowed()
    {
        var placeholders = Events.SelectMany(method => Regex.Matches(Of(method).Message, @"\{(\w+)").Select(match => match.Groups[1].Value)).Distinct().ToArray();
        Assert.That(placeholders, Is.Not.Empty.And.SubsetOf(Allowed));
    }

    [Test]
    public void Event_Id_IsItsOwn() => Assert.That(Events.Select(method => Of(method).EventId), Is.Unique.And.All.GreaterThan(0));

    [Test]
    public void Event_Parameters_AreTextAndNumbers() =>
        // An exception as a parameter would be written with its message, which may hold a connection string.
        Assert.That(
            Events.SelectMany(method => method.GetParameters().Skip(1)).Where(parameter => parameter.ParameterType != typeof(string)
                && parameter.ParameterType is not { IsValueType: true } and not { IsEnum: true }).Select(parameter => $"{parameter.Member.Name} {parameter.Name}"),
            Is.Empty);

    [Test]
    public void Event_Method_IsInTheOnePlace() => Assert.That(Events.Select(method => method.DeclaringType).Distinct(), Is.EqualTo(new[] { typeof(Log) }));

    private static LoggerMessageAttribute Of(MethodInfo method) => method.GetCustomAttribute<LoggerMessageAttribute>()!;
}

using System.Reflection;
using System.Text.RegularExpressions;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Conventions;

/// <summary>Tests that log events contain no secrets, and that each has its own ID.</summary>
public sealed class LogTests
{
    // IDs, names that the app chose, counts and settings. Never a key, a hash, the value of a header, an address or the message of an
    // exception.
    private static readonly string[] Allowed =
    [
        "Actor", "Alert", "AlertId", "Attempt", "Count", "Days", "Exception", "File", "KeyId", "Kind", "Limit", "Member", "Outcome",
        "Problems", "Reason", "Scheme", "Section", "Store", "Subject", "Target", "Timeout",
    ];

    private const BindingFlags AllDeclared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private static readonly MethodInfo[] Events =
    [
        .. typeof(Log).Assembly.GetTypes().SelectMany(type => type.GetMethods(AllDeclared))
            .Where(method => method.IsDefined(typeof(LoggerMessageAttribute))),
    ];

    [Test]
    public void Message_Placeholders_AreAllowed()
    {
        var placeholders = Events
            .SelectMany(method => Regex.Matches(Of(method).Message, @"\{(\w+)").Select(match => match.Groups[1].Value))
            .Distinct()
            .ToArray();
        Assert.That(placeholders, Is.Not.Empty.And.SubsetOf(Allowed));
    }

    [Test]
    public void EventId_AllEvents_IsUnique() => Assert.That(Events.Select(method => Of(method).EventId), Is.Unique.And.All.GreaterThan(0));

    [Test]
    public void Parameters_AllEvents_AreTextOrValues()
    {
        // An exception parameter is written with its message, which may contain a connection string.
        var parameters = Events.SelectMany(method => method.GetParameters().Skip(1))
            .Where(parameter => parameter.ParameterType != typeof(string) && !parameter.ParameterType.IsValueType);
        Assert.That(parameters.Select(parameter => $"{parameter.Member.Name} {parameter.Name}"), Is.Empty);
    }

    [Test]
    public void DeclaringType_AllEvents_IsLog() =>
        Assert.That(Events.Select(method => method.DeclaringType).Distinct(), Is.EqualTo(new[] { typeof(Log) }));

    private static LoggerMessageAttribute Of(MethodInfo method) => method.GetCustomAttribute<LoggerMessageAttribute>()!;
}

using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;
using Spectre.Console;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands about what keys do: <c>usage</c>, <c>audit</c> and <c>whoami</c>.</summary>
internal static class InsightCommands
{
    private const int MaxBars = 48;

    public static Command CreateUsage(ToolConsole console)
    {
        var id = KeyCommand.CreateIdArgument();
        var from = new Option<string?>("--from") { Description = "The start: a date or a time." };
        var to = new Option<string?>("--to") { Description = "The end: a date or a time." };
        var by = new Option<string>("--by") { Description = "The length of a row: hour or day.", DefaultValueFactory = static _ => "hour" };
        by.AcceptOnlyFromAmong("hour", "day");
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "usage",
                "Shows the requests of a key by hour or day, on a terminal also as a chart.",
                "apikeyauth usage key_4Xb1 --by day --from 2027-01-01 --connection keys.db"),
            KeyFields.Usage,
            id,
            from,
            to,
            by);
        return command.Run(async context =>
        {
            var result = context.Result;
            var filter = new UsageFilter
            {
                From = result.GetValue(from),
                To = result.GetValue(to),
                ByDay = result.GetValue(by) == "day",
            };
            var usage = await context.Target.GetUsageAsync(result.GetRequiredValue(id), filter, context.CancellationToken);
            if (context.Fields is not null)
            {
                context.Writer.WriteRecord(usage, context.Fields);
                return;
            }

            List<JsonObject> rows = [.. (usage["rows"]?.AsArray() ?? []).Select(row => row!.AsObject())];
            context.Writer.WriteList(rows, KeyFields.UsageColumns, null, "No requests in this time.");
            if (console.IsOutputTerminal && rows.Count > 0)
            {
                var chart = new BarChart { Label = "Requests", Width = Math.Min(console.Width, 80) };
                foreach (var row in rows.TakeLast(MaxBars))
                {
                    chart.AddItem(Markup.Escape(CellText.Format(row["from"])), (long?)row["requests"] ?? 0, Color.Green);
                }

                console.CreateAnsi().Write(chart);
            }
        });
    }

    public static Command CreateAudit(ToolConsole console)
    {
        var id = new Argument<string?>("id") { Description = "The ID of the key; all keys without it.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "The largest number of entries.", DefaultValueFactory = static _ => 100 };
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "audit",
                "Lists the changes of keys, newest first, also of deleted ones.",
                "apikeyauth audit key_4Xb1 --connection keys.db",
                "apikeyauth audit --limit 20 --json at,action,keyId"),
            KeyFields.Audit,
            id,
            limit);
        return command.Run(async context => context.Writer.WriteList(
            await context.Target.ListAuditAsync(
                context.Result.GetValue(id), context.Result.GetValue(limit), context.CancellationToken),
            KeyFields.AuditColumns,
            context.Fields,
            "No changes."));
    }

    public static Command CreateWhoAmI(ToolConsole console)
    {
        var command = new KeyCommand(
            console,
            new ToolCommand("whoami", "Shows which key or database commands use.", "apikeyauth whoami --url https://example.com/api-keys"),
            KeyFields.Caller);
        return command.Run(async context =>
        {
            var caller = await context.Target.WhoAmIAsync(context.CancellationToken);
            caller["target"] = context.Target.Description;
            context.Writer.WriteRecord(caller, context.Fields);
            return (bool?)caller["valid"] is false ? ExitCodes.NotAuthenticated : ExitCodes.Success;
        });
    }
}

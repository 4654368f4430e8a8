using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests the list, the audit log, the paths and the number of queries.</summary>
public sealed class DashboardListTests
{
    [Test]
    public async Task List_WithoutKeys_DiffersFromOneWithoutMatches()
    {
        await using var app = await DashboardApp.StartAsync();
        using var client = await app.SignInAsync();
        var empty = await client.GetStringAsync(DashboardApp.Path);
        var filtered = await client.GetStringAsync($"{DashboardApp.Path}?q=nothing");

        Assert.That(empty, Does.Contain("No keys yet").And.Contain("Create the first key").And.Not.Contain("Clear filters"));
        Assert.That(filtered, Does.Contain("No key matches").And.Contain("Clear filters").And.Not.Contain("No keys yet"));
    }

    [Test]
    public async Task List_FiltersSortAndPages_AreInTheUrl()
    {
        await using var app = await DashboardApp.StartAsync(configure: options => options.PageSize = 2);
        foreach (var name in new[] { "Banana", "Apple", "Cherry", "Damson" })
        {
            await app.AddKeyAsync(name);
        }

        using var client = await app.SignInAsync();
        var first = await client.GetStringAsync($"{DashboardApp.Path}?sort=name");
        var second = await client.GetStringAsync($"{DashboardApp.Path}?sort=name&page=2");
        var reversed = await client.GetStringAsync($"{DashboardApp.Path}?sort=-name");
        var newest = await client.GetStringAsync(DashboardApp.Path);
        var next = WebUtility.HtmlDecode(Regex.Match(newest, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value);

        Assert.That(Names(first), Is.EqualTo(new[] { "Apple", "Banana" }));
        Assert.That(Names(second), Is.EqualTo(new[] { "Cherry", "Damson" }));
        Assert.That(Names(reversed), Is.EqualTo(new[] { "Damson", "Cherry" }));
        Assert.That(first, Does.Contain("aria-sort=\"ascending\"").And.Contain("4 keys"));
        Assert.That(
            Names(await client.GetStringAsync(next)).Concat(Names(newest)),
            Is.EquivalentTo(new[] { "Banana", "Apple", "Cherry", "Damson" }));
        var found = await client.GetStringAsync($"{DashboardApp.Path}?q=ana&status=active&environment=live");
        Assert.That(Names(found), Is.EqualTo(new[] { "Banana" }));
        Assert.That(Names(await client.GetStringAsync($"{DashboardApp.Path}?status=revoked")), Is.Empty);
        Assert.That((await client.GetAsync($"{DashboardApp.Path}?cursor=broken")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Pages_WithMoreKeys_TakeTheSameNumberOfQueries()
    {
        var folder = Directory.CreateTempSubdirectory("dashboard");
        try
        {
            await using var app = await DashboardApp.StartAsync(
                keys => keys.AddSqlite($"Data Source={System.IO.Path.Combine(folder.FullName, "keys.db")};Pooling=False"), hasSchema: true);
            using var client = await app.SignInAsync();
            var key = await app.AddKeyAsync("Only one", scopes: "invoices:read");
            string[] pages =
            [
                DashboardApp.Path,
                $"{DashboardApp.Path}?sort=name",
                $"{DashboardApp.Path}/overview",
                $"{DashboardApp.Path}/key/{key.Key.Id}",
            ];
            int[] few = await CountAsync(pages);
            for (var i = 0; i < 30; i++)
            {
                await app.AddKeyAsync($"Key {i}", scopes: ["invoices:read", "reports:read"]);
            }

            Assert.That(few, Has.All.GreaterThan(0));
            Assert.That(await CountAsync(pages), Is.EqualTo(few));

            async Task<int[]> CountAsync(string[] urls)
            {
                var counts = new List<int>();
                foreach (var url in urls)
                {
                    // A background service, such as that of the alerts, can only add queries to some of the requests.
                    var least = int.MaxValue;
                    for (var i = 0; i < 4; i++)
                    {
                        var before = CountQueries(app);
                        await client.GetStringAsync(url);
                        least = Math.Min(least, CountQueries(app) - before);
                    }

                    counts.Add(least);
                }

                return [.. counts];
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestCase("")]
    [TestCase("/base")]
    public async Task Links_WithAPathBase_StayBelowIt(string pathBase)
    {
        await using var app = await DashboardApp.StartAsync(pathBase: pathBase);
        var key = await app.AddKeyAsync("Linked");
        using var client = await app.SignInAsync();
        foreach (var page in new[] { "", "/", "/new", $"/key/{key.Key.Id}", $"/key/{key.Key.Id}/edit" })
        {
            var html = await client.GetStringAsync(pathBase + DashboardApp.Path + page);
            var links = Regex.Matches(html, "(?:href|src|action)=\"([^#\"][^\"]*)\"").Select(match => match.Groups[1].Value).ToArray();
            Assert.That(links, Is.Not.Empty.And.All.StartsWith(pathBase + DashboardApp.Path), page);
        }
    }

    [Test]
    public async Task Audit_BetweenDays_ListsTheEntriesOfThem()
    {
        await using var app = await DashboardApp.StartAsync();
        var key = await app.AddKeyAsync("Audited");
        using var client = await app.SignInAsync();
        var today = DateOnly.FromDateTime(key.Key.CreatedAt.UtcDateTime);
        async Task<string> ReadAsync(string query) => await client.GetStringAsync($"{DashboardApp.Path}/audit?{query}");

        Assert.That(
            await ReadAsync($"from={today:yyyy-MM-dd}&to={today:yyyy-MM-dd}"), Does.Contain(key.Key.Id).And.Contain("Clear filters"));
        Assert.That(await ReadAsync($"to={today.AddDays(-1):yyyy-MM-dd}"), Does.Contain("No entries").And.Not.Contain(key.Key.Id));
        Assert.That(await ReadAsync($"from={today.AddDays(2):yyyy-MM-dd}"), Does.Contain("No entries"));
        Assert.That(await ReadAsync("from=yesterday"), Does.Contain(key.Key.Id).And.Not.Contain("Clear filters"));
    }

    [Test]
    public async Task Audit_FilteredByActionActorOrAddress_ListsAndExportsTheSameEntries()
    {
        await using var app = await DashboardApp.StartAsync();
        var key = await app.AddKeyAsync("Audited");
        using var ada = await app.SignInAsync();
        using var eve = await app.SignInAsync("eve");
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        await DashboardApp.PostAsync(ada, page, $"{page}/disable");
        await DashboardApp.PostAsync(eve, page, $"{page}/enable");
        await DashboardApp.PostAsync(eve, $"{page}/revoke", $"{page}/revoke");
        (string Query, string[] Lines)[] cases =
        [
            ("action=update", ["user:eve", "user:ada"]),
            ("action=update&actor=user:eve", ["user:eve"]),
            ("actor=user:eve", ["user:eve", "user:eve"]),
            ("address=127.0.0.1", ["user:eve", "user:eve", "user:ada"]),
            ("address=203.0.113.1", []),
            ("action=delete", []),
            ("actor=user:ada&key=" + key.Key.Id, ["user:ada"]),
        ];
        foreach (var (query, actors) in cases)
        {
            var html = await ada.GetStringAsync($"{DashboardApp.Path}/audit?{query}");
            var csv = await ada.GetStringAsync($"{DashboardApp.Path}/audit.csv?{query}");
            var shown = Regex.Matches(html, "<td class=\"long actor\"[^>]*>\\s*<a [^>]*>([^<]+)</a>").Select(match => match.Groups[1].Value);
            var link = WebUtility.HtmlDecode(Regex.Match(html, "href=\"([^\"]+)\" download").Groups[1].Value);

            Assert.That(shown, Is.EqualTo(actors), query);
            var exported = csv.TrimEnd().Split("\r\n").Skip(1).Select(line => line.Split(',')[3].Trim('"'));
            Assert.That(exported, Is.EqualTo(actors), query);
            Assert.That(await ada.GetStringAsync(link), Is.EqualTo(csv), query);
            Assert.That(html, Does.Contain("Clear filters"), query);
        }
    }

    [Test]
    public async Task ListAndOverview_OfMoreThan1000Keys_SortAndCountAllOfThem()
    {
        await using var app = await DashboardApp.StartAsync(configure: options => options.PageSize = 100);
        await DashboardData.AddAsync(app);
        for (var i = 0; i < 1_100; i++)
        {
            await app.AddKeyAsync($"Key {i:0000}");
        }

        using var client = await app.SignInAsync();
        var sorted = await client.GetStringAsync($"{DashboardApp.Path}?sort=name&page=12");
        var beyond = await client.GetStringAsync($"{DashboardApp.Path}?sort=-used&page=500");
        var used = Names(await client.GetStringAsync($"{DashboardApp.Path}?sort=-used"));
        var overview = WebUtility.HtmlDecode(await client.GetStringAsync($"{DashboardApp.Path}/overview"));

        Assert.That(Names(sorted)[^4..], Is.EqualTo(new[] { "Nightly export", "Old importer", "Partner preview", "Zapier trial" }));
        Assert.That(sorted, Does.Not.Contain("so they are sorted by creation"));
        Assert.That(Names(beyond), Has.Length.EqualTo(9));
        Assert.That(used[..4], Is.EquivalentTo(new[] { "Billing service", "Mobile app", "Migration script", "Nightly export" }));
        string[] reasons = ["Expires in 4 days", "never used", "The old secret was used", "May do everything"];
        foreach (var reason in reasons)
        {
            Assert.That(overview, Does.Contain(reason));
        }

        Assert.That(overview, Does.Match("1,1[0-9]{2} <span[^>]*>/ 1,109</span>"));
        Assert.That(overview, Does.Contain("those of the 1,000 keys that were used last, of 1,109 in total."));
    }

    [Test]
    public async Task Audit_AsCsv_ContainsTheEntriesOfSeveralPages()
    {
        await using var app = await DashboardApp.StartAsync();
        for (var i = 0; i < 1_050; i++)
        {
            await app.AddKeyAsync($"Key {i}");
        }

        using var client = await app.SignInAsync();
        var lines = (await client.GetStringAsync($"{DashboardApp.Path}/audit.csv")).TrimEnd().Split("\r\n");

        Assert.That(lines, Has.Length.EqualTo(1_051).And.Unique);
    }

    [Test]
    public async Task Audit_AsCsv_NeutralizesFormulas()
    {
        await using var app = await DashboardApp.StartAsync();
        var key = await app.AddKeyAsync("=1+1", scopes: "invoices:read");
        using var client = await app.SignInAsync("=HYPERLINK(1)");
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        await DashboardApp.PostAsync(client, page, $"{page}/disable");
        using var response = await client.GetAsync($"{DashboardApp.Path}/audit.csv?key={key.Key.Id}");
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n");

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/csv"));
        Assert.That(lines[0].TrimStart('\uFEFF'), Is.EqualTo("time,action,key,actor,address,changes"));
        Assert.That(lines[1], Does.Contain(",\"update\",").And.Contain(",\"user:=HYPERLINK(1)\","));
        Assert.That(ApiKeyAuth.Dashboard.Endpoints.AuditEndpoint.QuoteCell("=1+1"), Is.EqualTo("\"'=1+1\""));
        Assert.That(ApiKeyAuth.Dashboard.Endpoints.AuditEndpoint.QuoteCell("\tx\"y"), Is.EqualTo("\"'\tx\"\"y\""));
        Assert.That(ApiKeyAuth.Dashboard.Endpoints.AuditEndpoint.QuoteCell("plain"), Is.EqualTo("\"plain\""));
    }

    private static string[] Names(string html) =>
        [.. Regex.Matches(html, "class=\"name\">\\s*<a [^>]*>([^<]*)</a>").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    private static int CountQueries(DashboardApp app) => app.Logs.Entries.Count(
        entry => entry.Category == "Microsoft.EntityFrameworkCore.Database.Command"
            && entry.Message.StartsWith("Executed DbCommand", StringComparison.Ordinal)
            && entry.Message.Contains("SELECT", StringComparison.Ordinal));
}

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Settings that are wrong, each with the one setting that a message must name; ' stands for ", and every bad value is a marker.</summary>
internal static class BadSettings
{
    public static IEnumerable<TestCaseData<string, string>> All() => Cases.Select(bad => new TestCaseData<string, string>(bad.Settings, bad.Path)
    {
        TestName = $"{bad.Path} {bad.Settings.Replace('.', ' ')}",
    });

    private static (string Settings, string Path)[] Cases =>
        [.. Members, .. Values, .. Limits, .. Lists, .. Formats, .. Scopes, .. Peppers, .. Schemes, .. Keys, .. Secrets];

    private static (string, string)[] Members =>
    [
        ("{'Cahce':'hunter2'}", "Cahce"),
        ("{'Cahce':{'a':'hunter2'}}", "Cahce"),
        ("{'Format':{'Prefx':'hunter2'}}", "Format:Prefx"),
        ("{'AcceptedFormats':[{'Prefix':'a','Bytes':'hunter2'}]}", "AcceptedFormats:0:Bytes"),
        ("{'Scopes':[{'Name':'a','Rate':'hunter2'}]}", "Scopes:0:Rate"),
        ("{'Peppers':[{'Id':'a','Secret':'@pepper','Old':'hunter2'}]}", "Peppers:0:Old"),
        ("{'Cache':{'Size':'hunter2'}}", "Cache:Size"),
        ("{'Backplane':{'Lease':'999ms'}}", "Backplane:Lease"), ("{'Backplane':{'Lease':'31337s'}}", "Backplane:Lease"), ("{'Backplane':'hunter2'}", "Backplane"),
        ("{'RateLimiting':{'Dflt':'hunter2'}}", "RateLimiting:Dflt"),
        ("{'RateLimiting':{'Tenants':[{'Id':'a','Limit':'hunter2'}]}}", "RateLimiting:Tenants:0:Limit"),
        ("{'Errors':{'Fold':'hunter2'}}", "Errors:Fold"),
        ("{'Schemes':{'ApiKey':{'Headr':'hunter2'}}}", "Schemes:ApiKey:Headr"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Scope':'hunter2'}]}", "Keys:0:Scope"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Metadata':{'b':{'c':'hunter2'}}}]}", "Keys:0:Metadata:b:c"),
        ("{'Scopes':['a'],'Cache':{'StoreTimeout':{'Seconds':'31337'}}}", "Cache:StoreTimeout"),
    ];

    private static (string, string)[] Alerts =>
    [
        ("{'Usage':{'Alerts':'hunter2'}}", "Usage:Alerts"), ("{'Usage':{'Alerts':{'HighUse':'hunter2'}}}", "Usage:Alerts:HighUse"),
        ("{'Usage':{'Alerts':{'UnusualActivity':'hunter2'}}}", "Usage:Alerts:UnusualActivity"), ("{'Usage':{'Alerts':{'HighUsage':'hunter2'}}}", "Usage:Alerts:HighUsage"),
        ("{'Usage':{'Alerts':{'HighUsage':{'Threshold':0,'Period':'daily'}}}}", "Usage:Alerts:HighUsage:Threshold"),
        ("{'Usage':{'Alerts':{'HighUsage':{'Threshold':-31337,'Period':'daily'}}}}", "Usage:Alerts:HighUsage:Threshold"),
        ("{'Usage':{'Alerts':{'HighUsage':{'Threshold':1.5,'Period':'daily'}}}}", "Usage:Alerts:HighUsage:Threshold"),
        ("{'Usage':{'Alerts':{'HighUsage':{'Period':'daily'}}}}", "Usage:Alerts:HighUsage:Threshold"), ("{'Usage':{'Alerts':{'HighUsage':{'Threshold':1}}}}", "Usage:Alerts:HighUsage:Period"),
        ("{'Usage':{'Alerts':{'Failures':{'Threshold':1,'Period':'hunter2'}}}}", "Usage:Alerts:Failures:Period"), ("{'Usage':{'Alerts':{'Failures':{'Threshold':1,'Period':'1'}}}}", "Usage:Alerts:Failures:Period"),
        ("{'Usage':{'Alerts':{'Failures':{'Threshold':1,'Period':'daily','Per':'hunter2'}}}}", "Usage:Alerts:Failures:Per"),
        ("{'Usage':{'Alerts':{'Interval':'500ms'}}}", "Usage:Alerts:Interval"), ("{'Usage':{'Alerts':{'KeyExpiring':'366d'}}}", "Usage:Alerts:KeyExpiring"),
        ("{'Usage':{'Alerts':{'RetiringSecret':'31d'}}}", "Usage:Alerts:RetiringSecret"), ("{'Usage':{'Alerts':{'Dormant':'3661d'}}}", "Usage:Alerts:Dormant"),
        ("{'Usage':{'Alerts':{'LiveHosts':['a.example','hunter2:80']}}}", "Usage:Alerts:LiveHosts:1"), ("{'Usage':{'Alerts':{'LiveHosts':['https://hunter2']}}}", "Usage:Alerts:LiveHosts:0"),
    ];

    private static (string, string)[] Webhooks =>
    [
        .. new[]
        {
            "", "hunter2", "/hunter2", "ftp://example.com/hunter2", "file:///etc/hunter2", "http://example.com/hunter2", "https://hunter2:x@example.com/", "https://hunter2@example.com/",
            "https://example.com/#hunter2", "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://2130706433/", "https://017700000001/", "https://[::1]/", "https://[::]/",
            "https://[::ffff:a9fe:a9fe]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::808:808]/", "https://[2002:7f00:1::]/", "https://[fe80::1]/",
            "https://[fd00:ec2::254]/", "https://[2001:db8::1]/", "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://a.localhost/", "https://0/", "https://0.0.0.0/",
            "https://10.0.0.1/", "https://172.31.255.255/", "https://192.168.0.1/", "https://100.64.0.1/", "https://169.254.169.254/", "https://168.63.129.16/", "https://224.0.0.1/",
            "https://255.255.255.255/", "https://①②⑦.⓪.⓪.①/", "https://１２７.０.０.１/", "https://127。0。0。1/",
        }.Select(url => ($"{{'Usage':{{'Webhooks':{{'ops':{{'Url':'{url}','Secrets':['@whsec']}}}}}}}}", "Usage:Webhooks:ops:Url")),
        ("{'Usage':{'Webhooks':'hunter2'}}", "Usage:Webhooks"), ("{'Usage':{'Webhooks':{'ops':{'Secrets':['@whsec']}}}}", "Usage:Webhooks:ops:Url"),
        ("{'Usage':{'Webhooks':{'a b':{'Url':'https://example.com/','Secrets':['@whsec']}}}}", "Usage:Webhooks:?"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/'}}}}", "Usage:Webhooks:ops:Secrets"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/','Secrets':['@whsec','hunter2']}}}}", "Usage:Webhooks:ops:Secrets:1"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/','Secrets':['whsec_aHVudGVyMg==']}}}}", "Usage:Webhooks:ops:Secrets:0"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/','Secrets':['@whsec','@whsec','@whsec','@whsec','@whsec']}}}}", "Usage:Webhooks:ops:Secrets"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/','Secrets':['@whsec'],'Kinds':['hunter2']}}}}", "Usage:Webhooks:ops:Kinds:0"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/','Secrets':['@whsec'],'UnsafeAllowNetworks':['hunter2']}}}}", "Usage:Webhooks:ops:UnsafeAllowNetworks:0"),
        ("{'Usage':{'Webhooks':{'ops':{'Url':'https://example.com/','Secrets':['@whsec'],'Urls':'hunter2'}}}}", "Usage:Webhooks:ops:Urls"),
    ];

    private static (string, string)[] Values =>
    [
        ("{'Cache':'hunter2'}", "Cache"), ("{'Format':'hunter2'}", "Format"), ("{'Errors':'hunter2'}", "Errors"), ("{'Schemes':'hunter2'}", "Schemes"),
        ("{'RateLimiting':'hunter2'}", "RateLimiting"), ("{'Keys':'hunter2'}", "Keys"), ("{'Scopes':'hunter2'}", "Scopes"), ("{'Peppers':'hunter2'}", "Peppers"),
        ("{'AcceptedFormats':'hunter2'}", "AcceptedFormats"), ("{'RateLimiting':{'Tenants':'hunter2'}}", "RateLimiting:Tenants"),
        ("{'AcceptedFormats':['hunter2']}", "AcceptedFormats:0"), ("{'Schemes':{'ApiKey':'hunter2'}}", "Schemes:ApiKey"),
        ("{'Schemes':[{'Headers':'hunter2'}]}", "Schemes:0"), ("{'Schemes':{'ApiKey':['hunter2']}}", "Schemes:ApiKey:0"),
        ("{'Cache':{'KnownKeyLifetime':'2'}}", "Cache:KnownKeyLifetime"), ("{'Cache':{'KnownKeyLifetime':'-1s'}}", "Cache:KnownKeyLifetime"),
        ("{'Cache':{'KnownKeyLifetime':'25:00:00'}}", "Cache:KnownKeyLifetime"), ("{'Cache':{'KnownKeyLifetime':'-00:00:01'}}", "Cache:KnownKeyLifetime"),
        ("{'Cache':{'KnownKeyLifetime':'hunter2s'}}", "Cache:KnownKeyLifetime"), ("{'Cache':{'KnownKeyLifetime':''}}", "Cache:KnownKeyLifetime"),
        ("{'Cache':{'KnownKeyLifetime':'31337s'}}", "Cache:KnownKeyLifetime"), ("{'Cache':{'UnknownKeyLifetime':'1.5s'}}", "Cache:UnknownKeyLifetime"),
        ("{'Cache':{'UnknownKeyLifetime':'2h'}}", "Cache:UnknownKeyLifetime"), ("{'Cache':{'MaxStaleness':'25h'}}", "Cache:MaxStaleness"),
        ("{'Cache':{'MaxStaleness':'99999999999999999999d'}}", "Cache:MaxStaleness"), ("{'Cache':{'StoreTimeout':'0s'}}", "Cache:StoreTimeout"),
        ("{'Cache':{'StoreTimeout':'9ms'}}", "Cache:StoreTimeout"), ("{'Cache':{'StoreTimeout':['1s']}}", "Cache:StoreTimeout"),
        ("{'Cache':{'MaxKnownKeys':0}}", "Cache:MaxKnownKeys"), ("{'Cache':{'MaxKnownKeys':-31337}}", "Cache:MaxKnownKeys"),
        ("{'Cache':{'MaxKnownKeys':'many hunter2'}}", "Cache:MaxKnownKeys"), ("{'Cache':{'MaxKnownKeys':'1,000'}}", "Cache:MaxKnownKeys"),
        ("{'Cache':{'MaxKnownKeys':31337000}}", "Cache:MaxKnownKeys"), ("{'Cache':{'MaxUnknownKeys':1.5}}", "Cache:MaxUnknownKeys"),
        ("{'Cache':{'MaxUnknownKeys':99999999999}}", "Cache:MaxUnknownKeys"), ("{'Errors':{'ReportExpiredAsInvalid':'hunter2'}}", "Errors:ReportExpiredAsInvalid"),
        ("{'Errors':{'ReportMissingAsInvalid':1}}", "Errors:ReportMissingAsInvalid"), ("{'Errors':{'ReportWrongAudienceAsInvalid':[true]}}", "Errors:ReportWrongAudienceAsInvalid"),
        ("{'AcceptUnpepperedHashes':'hunter2'}", "AcceptUnpepperedHashes"),
        ("{'Usage':'hunter2'}", "Usage"), ("{'Usage':{'Interval':'hunter2'}}", "Usage:Interval"), ("{'Usage':{'Enabled':'hunter2'}}", "Usage:Enabled"),
        ("{'Usage':{'FlushInterval':'500ms'}}", "Usage:FlushInterval"), ("{'Usage':{'FlushInterval':'11m'}}", "Usage:FlushInterval"),
        ("{'Usage':{'FlushInterval':'hunter2'}}", "Usage:FlushInterval"), ("{'Usage':{'MaxPendingRows':999}}", "Usage:MaxPendingRows"),
        ("{'Usage':{'MaxPendingRows':'many hunter2'}}", "Usage:MaxPendingRows"), ("{'Usage':{'MaxNetworksPerKey':-31337}}", "Usage:MaxNetworksPerKey"),
        ("{'Usage':{'CountryHeader':'hunter2 x','CountryProxies':['10.0.0.1']}}", "Usage:CountryHeader"), ("{'Usage':{'CountryHeader':'CF-IPCountry'}}", "Usage:CountryHeader"),
        ("{'Usage':{'CountryHeader':'CF-IPCountry','CountryProxies':['10.0.0.0/8','hunter2']}}", "Usage:CountryProxies:1"), ("{'Usage':{'CountryProxies':['10.0.0.0/8']}}", "Usage:CountryProxies"),
        ("{'Usage':{'HourlyRetention':'23h'}}", "Usage:HourlyRetention"), ("{'Usage':{'HourlyRetention':'367d'}}", "Usage:HourlyRetention"),
        .. Alerts, .. Webhooks,
        ("{'Usage':{'DailyRetention':'29d'}}", "Usage:DailyRetention"), ("{'Usage':{'DailyRetention':'3661d'}}", "Usage:DailyRetention"),
    ];

    private static (string, string)[] Limits =>
    [
        ("{'RateLimiting':{'Default':'0/hour'}}", "RateLimiting:Default"), ("{'RateLimiting':{'Default':'-5/hour'}}", "RateLimiting:Default"),
        ("{'RateLimiting':{'Default':'hunter2/hour'}}", "RateLimiting:Default"), ("{'RateLimiting':{'Default':'100'}}", "RateLimiting:Default"),
        ("{'RateLimiting':{'Default':'1/hour;31337/60 minutes'}}", "RateLimiting:Default"), ("{'RateLimiting':{'Default':['1/hour','hunter2']}}", "RateLimiting:Default"),
        ("{'RateLimiting':{'Default':{'Hour':{'a':'hunter2'}}}}", "RateLimiting:Default:Hour"), ("{'RateLimiting':{'PerTenant':'hunter2'}}", "RateLimiting:PerTenant"),
        ("{'RateLimiting':{'Tenants':[{'RateLimits':'1/hour'}]}}", "RateLimiting:Tenants:0:Id"),
        ("{'RateLimiting':{'Tenants':[{'Id':'a','RateLimits':'hunter2'}]}}", "RateLimiting:Tenants:0:RateLimits"),
        ("{'RateLimiting':{'Tenants':[{'Id':'hunter2'},{'Id':'hunter2'}]}}", "RateLimiting:Tenants:1:Id"),
        ("{'RateLimiting':{'Tenants':['hunter2']}}", "RateLimiting:Tenants:0"),
        ("{'RateLimiting':{'FailedAuthentications':'hunter2'}}", "RateLimiting:FailedAuthentications"),
        ("{'RateLimiting':{'FailedAuthentications':['1/hour']}}", "RateLimiting:FailedAuthentications"),
        ("{'RateLimiting':{'Headers':'hunter2'}}", "RateLimiting:Headers"), ("{'RateLimiting':{'Headers':'3'}}", "RateLimiting:Headers"),
        ("{'RateLimiting':{'Headers':'XRateLimit, Ietf'}}", "RateLimiting:Headers"), ("{'RateLimiting':{'Headers':''}}", "RateLimiting:Headers"),
        ("{'RateLimiting':{'ChargeRejectedRequests':'hunter2'}}", "RateLimiting:ChargeRejectedRequests"),
    ];

    private static (string, string)[] Lists =>
    [
        ("{'Format':{'Environments':'hunter2'}}", "Format:Environments"), ("{'Format':{'Environments':[{'a':'hunter2'}]}}", "Format:Environments:0"),
        ("{'Schemes':{'a':{'Environments':'hunter2'}}}", "Schemes:a:Environments"), ("{'Scopes':[{'Name':'a','Implies':'hunter2'}]}", "Scopes:0:Implies"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Scopes':'hunter2'}]}", "Keys:0:Scopes"), ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':'hunter2'}]}", "Keys:0:Networks"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Audiences':'hunter2'}]}", "Keys:0:Audiences"), ("{'Keys':[{'Id':'a','Hash':'@hash','Metadata':'hunter2'}]}", "Keys:0:Metadata"),
        ("{'Keys':[{'Id':'a','Hashes':[]}]}", "Keys:0:Hash"), ("{'Keys':[{'Id':'a','Hash':['@hash']}]}", "Keys:0:Hash"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Name':['hunter2']}]}", "Keys:0:Name"),
    ];

    private static (string, string)[] Formats =>
    [
        ("{'Format':{'SecretBytes':8}}", "Format:SecretBytes"), ("{'Format':{'SecretBytes':31337}}", "Format:SecretBytes"),
        ("{'Format':{'SecretBytes':'thirty hunter2'}}", "Format:SecretBytes"), ("{'Format':{'Prefix':'hunter2_'}}", "Format:Prefix"),
        ("{'Format':{'Prefix':'hunter2 hunter2'}}", "Format:Prefix"), ("{'Format':{'Prefix':{'a':'hunter2'}}}", "Format:Prefix"),
        ("{'Format':{'Environments':['Hunter2','live']}}", "Format:Environments:0"), ("{'Format':{'Environments':['live','hunter2','hunter2']}}", "Format:Environments:2"),
        ("{'Format':{'Encoding':'hunter2'}}", "Format:Encoding"), ("{'Format':{'Encoding':'1'}}", "Format:Encoding"), ("{'Format':{'Encoding':'+1'}}", "Format:Encoding"),
        ("{'Format':{'Encoding':'Base62, Hex'}}", "Format:Encoding"), ("{'Format':{'Checksum':'hunter2'}}", "Format:Checksum"),
        ("{'AcceptedFormats':[{'Prefix':'a'},{'Prefix':'hunter2_'}]}", "AcceptedFormats:1:Prefix"), ("{'AcceptedFormats':[{}, {'Prefix':'key'}]}", "Format"),
        ("{'Format':{'Prefix':'','Environments':[]}}", "Format"),
    ];

    private static (string, string)[] Scopes =>
    [
        ("{'Scopes':['hunter2 hunter2']}", "Scopes:0"), ("{'Scopes':[{'Name':'hunter2:a:b'}]}", "Scopes:0:Name"), ("{'Scopes':[{'Description':'hunter2'}]}", "Scopes:0:Name"),
        ("{'Scopes':['a','a']}", "Scopes"), ("{'Scopes':['a',{'Name':'a','Description':'hunter2'}]}", "Scopes"), ("{'Scopes':['orders:*']}", "Scopes"),
        ("{'Scopes':[{'Name':'a','Implies':['b']}]}", "Scopes"), ("{'Scopes':[{'Name':'a','Implies':['a','hunter2 b']}]}", "Scopes:0:Implies:1"),
        ("{'Scopes':[{'Name':'a','RateLimits':'hunter2'}]}", "Scopes:0:RateLimits"), ("{'Scopes':[{'Name':'a','RateLimits':['0/hour']}]}", "Scopes:0:RateLimits"),
        ("{'Scopes':[{'Name':'a','GrantedByDefault':'hunter2'}]}", "Scopes:0:GrantedByDefault"), ("{'Scopes':[{'Name':['hunter2']}]}", "Scopes:0:Name"),
    ];

    private static (string, string)[] Peppers =>
    [
        ("{'Peppers':[{'Id':'a','Secret':'hunter2'}]}", "Peppers:0:Secret"), ("{'Peppers':[{'Id':'a','Secret':'QUFBQUFBQUE='}]}", "Peppers:0:Secret"),
        ("{'Peppers':[{'Id':'a'}]}", "Peppers:0:Secret"), ("{'Peppers':[{'Id':'a','Secret':'@pepper hunter2'}]}", "Peppers:0:Secret"),
        ("{'Peppers':[{'Secret':'@pepper'}]}", "Peppers:0:Id"), ("{'Peppers':[{'Id':'hunter2:','Secret':'@pepper'}]}", "Peppers:0:Id"),
        ("{'Peppers':[{'Id':'a','Secret':'@pepper','Retired':'hunter2'}]}", "Peppers:0:Retired"),
        ("{'Peppers':[{'Id':'a','Secret':'@pepper'},{'Id':'b','Secret':'@pepper'}]}", "Peppers"),
        ("{'Peppers':[{'Id':'a','Secret':'@pepper'},{'Id':'a','Secret':'@pepper','Retired':true}]}", "Peppers"),
        ("{'AcceptUnpepperedHashes':false}", "Peppers"),
    ];

    private static (string, string)[] Schemes =>
    [
        ("{'Schemes':{'a':{'Bearer':'hunter2'}}}", "Schemes:a:Bearer"), ("{'Schemes':{'a':{'Headers':'hunter2:'}}}", "Schemes:a:Headers"),
        ("{'Schemes':{'a':{'AuthorizationSchemes':'hunter2 x'}}}", "Schemes:a:AuthorizationSchemes"),
        ("{'Schemes':{'a':{'AuthorizationSchemes':['Bearer','bearer']}}}", "Schemes:a:AuthorizationSchemes:1"),
        ("{'Schemes':{'a':{'AuthorizationSchemes':{'x':{'y':'hunter2'}}}}}", "Schemes:a:AuthorizationSchemes:x"),
        ("{'Schemes':{'a':{'Headers':['X-A','hunter2:']}}}", "Schemes:a:Headers:1"), ("{'Schemes':{'a':{'Headers':['X-A','x-a']}}}", "Schemes:a:Headers:1"),
        ("{'Schemes':{'a':{'Headers':['X-A',null]}}}", "Schemes:a:Headers:1"),
        ("{'Schemes':{'a':{'Headers':['X-A','Authorization']}}}", "Schemes:a:Headers"), ("{'Schemes':{'a':{'UnsafeQueryParameter':'hunter2='}}}", "Schemes:a:UnsafeQueryParameter"),
        ("{'Schemes':{'a':{'Environments':['live','hunter2']}}}", "Schemes:a:Environments:1"), ("{'Schemes':{'a':{'Realm':'hunter2\\n'}}}", "Schemes:a:Realm"),
        ("{'Schemes':{'a':{'AuthorizationSchemes':[],'Headers':''}}}", "Schemes:a"),
        ("{'Schemes':{'a':{'AuthorizationSchemes':'','Headers':null}}}", "Schemes:a"),
    ];

    private static (string, string)[] Keys =>
    [
        ("{'Keys':[{'Hash':'@hash'}]}", "Keys:0:Id"), ("{'Keys':[{'Id':'','Hash':'@hash'}]}", "Keys:0:Id"), ("{'Keys':[{'Id':'hunter2\\u0000','Hash':'@hash'}]}", "Keys:0:Id"),
        ("{'Keys':[{'Id':'hunter2','Hash':'@hash'},{'Id':'hunter2','Hash':'@other'}]}", "Keys:1:Id"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Environment':'hunter2'}]}", "Keys:0:Environment"),
        ("{'Scopes':['a'],'Keys':[{'Id':'a','Hash':'@hash','Scopes':['a','b']}]}", "Keys:0:Scopes:1"), ("{'Scopes':['a'],'Keys':[{'Id':'a','Hash':'@hash','Scopes':['b:*']}]}", "Keys:0:Scopes:0"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Scopes':['hunter2 b']}]}", "Keys:0:Scopes:0"), ("{'Keys':[{'Id':'a','Hash':'@hash','RateLimits':'hunter2'}]}", "Keys:0:RateLimits"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['10.0.0.0/8','hunter2']}]}", "Keys:0:Networks:1"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['31337']}]}", "Keys:0:Networks:0"), ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['10/8']}]}", "Keys:0:Networks:0"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['203.0.113.5/24']}]}", "Keys:0:Networks:0"), ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['010.0.0.1/32']}]}", "Keys:0:Networks:0"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['::ffff:10.0.0.0/104']}]}", "Keys:0:Networks:0"), ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['fe80::1%2']}]}", "Keys:0:Networks:0"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['10.0.0.0/33']}]}", "Keys:0:Networks:0"), ("{'Keys':[{'Id':'a','Hash':'@hash','Networks':['']}]}", "Keys:0:Networks:0"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','Enabled':'hunter2'}]}", "Keys:0:Enabled"), ("{'Keys':[{'Id':'a','Hash':'@hash','ExpiresAt':'hunter2'}]}", "Keys:0:ExpiresAt"),
        ("{'Keys':[{'Id':'a','Hash':'@hash','ExpiresAt':'31.12.2027'}]}", "Keys:0:ExpiresAt"), ("{'Keys':[{'Id':'a','Hash':'@hash','ExpiresAt':'2027-12-31T10:00:00'}]}", "Keys:0:ExpiresAt"),
    ];

    private static (string, string)[] Secrets =>
    [
        ("{'Keys':[{'Id':'a'}]}", "Keys:0:Hash"), ("{'Keys':[{'Id':'a','Hash':'hunter2'}]}", "Keys:0:Hash"), ("{'Keys':[{'Id':'a','Hash':''}]}", "Keys:0:Hash"),
        ("{'Keys':[{'Id':'a','Hash':'@hash00'}]}", "Keys:0:Hash"), ("{'Keys':[{'Id':'a','Hashes':['@hash','hunter2']}]}", "Keys:0:Hashes:1"),
        ("{'Keys':[{'Id':'a','Hashes':['@hash','@hash']}]}", "Keys:0:Hashes:1"), ("{'Keys':[{'Id':'a','Hash':'@hash'},{'Id':'b','Hash':'@hash'}]}", "Keys:1:Hash"),
        ("{'Keys':[{'Id':'a','Hash':'hmac-@hash'}]}", "Keys:0:Hash"), ("{'Keys':[{'Id':'a','Hash':'hmac-sha256:p:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}", "Keys:0:Hash"),
        ("{'Peppers':[{'Id':'p','Secret':'@pepper'}],'Keys':[{'Id':'a','Hash':'@hash'}]}", "Keys:0:Hash"),
        ("{'Keys':[{'Id':'a','Key':'hunter2'}]}", "Keys:0:Key"),
    ];
}

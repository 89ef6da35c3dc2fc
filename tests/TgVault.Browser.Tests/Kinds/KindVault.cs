using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>A vault that holds a clip of every kind, and both browsers.</summary>
public sealed class KindVault : BrowserVault
{
    readonly ConcurrentDictionary<string, Lazy<Task<string>>> _stored = new();

    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["TgVault__Ingest__TranscodeVideo"] = "true", ["TgVault__Renditions"] = "144p" };

    // For the flood wait.
    protected override IReadOnlyList<string> Options { get; } = ["--telegram-control"];

    public Firefox Firefox { get; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Firefox.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await Firefox.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Where the files of a link to the kind's clip are, stored on first use; ends in a slash.</summary>
    internal Task<string> RootAsync(Kind kind) =>
        _stored
            .GetOrAdd(kind.Name, _ => new Lazy<Task<string>>(async () => await StoreAsync(kind.Name, await KindTable.PathAsync(kind))))
            .Value;

    internal async Task<string> StoreAsync(string name, string path)
    {
        using var answer = await Vault.Client.PostAsJsonAsync("api/uploads", new { name, size = new FileInfo(path).Length });
        var upload = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var id = upload.GetProperty("id").GetString();
        await using (var file = File.OpenRead(path))
        {
            using var content = new StreamContent(file) { Headers = { { "x-ms-blob-type", "BlockBlob" } } };
            using var put = await Vault.Client.PutAsync(upload.GetProperty("uploadUrl").GetString(), content);
            put.EnsureSuccessStatusCode();
        }

        using var events = await Vault.Client.GetStreamAsync($"api/videos/{id}/events").WaitAsync(TimeSpan.FromMinutes(1));
        var told = await new StreamReader(events).ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Contains("\"status\":\"ready\"", told, StringComparison.Ordinal);
        using var made = await Vault.Client.PostAsJsonAsync($"api/videos/{id}/links", new { });
        var link = await made.Content.ReadFromJsonAsync<JsonElement>();
        return new Uri(Vault.Url, $"v/{link.GetProperty("token").GetString()}/").AbsoluteUri;
    }
}

/// <summary>One vault and one of each browser for all tests of kinds.</summary>
[CollectionDefinition(Name)]
public sealed class KindCollection : ICollectionFixture<KindVault>
{
    public const string Name = "kinds";
}

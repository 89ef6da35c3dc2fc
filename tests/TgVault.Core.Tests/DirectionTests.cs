using System.Text.RegularExpressions;
using TgVault.Testing;

namespace TgVault.Core.Tests;

/// <summary>
/// Which part of the core may use which: read from the sources, so that a forbidden use fails here and not in a review.
/// </summary>
public sealed partial class DirectionTests
{
    /// <summary>What every folder directly below the core may use. Hosting puts the parts together, so it may use all.</summary>
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["Caching"] = [],
        ["Captioning"] = [],
        ["Crypto"] = [],
        ["Files"] = [],
        ["Settings"] = [],
        ["Streams"] = [],
        ["Telemetry"] = [],
        ["Chunks"] = ["Crypto", "Telemetry"],
        ["Videos"] = ["Chunks", "Crypto"],
        ["Mp4"] = ["Videos"],
        ["Ffmpeg"] = ["Settings", "Videos"],
        ["Pictures"] = ["Ffmpeg", "Mp4", "Videos"],
        ["Storage"] = ["Settings"],
        ["Links"] = ["Caching", "Crypto", "Rows", "Settings"],
        ["Sessions"] = ["Crypto"],
        ["Telegram"] = ["Caching", "Chunks", "Rows", "Settings", "Telemetry"],
        ["Staging"] = ["Caching", "Crypto", "Files", "Settings", "Storage", "Videos"],
        ["Rows"] = ["Files"],
        ["ApiKeys"] = ["Caching", "Rows"],
        ["Requests"] = ["Rows"],
        ["Keys"] = ["Chunks", "Crypto", "Rows", "Videos"],
        ["Library"] = ["Chunks", "Crypto", "Rows", "Videos"],
        ["Catalogue"] = ["Chunks", "Crypto", "Rows", "Streams", "Videos"],
        ["Replicas"] = ["Caching", "Catalogue", "Chunks", "Crypto", "Files", "Keys", "Library", "Rows", "Settings", "Videos"],
        ["Recovery"] = ["Catalogue", "Chunks", "Crypto", "Keys", "Library", "Replicas", "Rows", "Settings", "Videos"],
        ["TakeOver"] = ["Files", "Library", "Rows", "Staging", "Streams", "Videos"],
        ["Playback"] =
        [
            "Caching",
            "Captioning",
            "Chunks",
            "Crypto",
            "Keys",
            "Library",
            "Mp4",
            "Pictures",
            "Settings",
            "Streams",
            "Telemetry",
            "Videos",
        ],
        ["Ingest"] =
        [
            "Captioning",
            "Catalogue",
            "Chunks",
            "Crypto",
            "Ffmpeg",
            "Keys",
            "Library",
            "Mp4",
            "Pictures",
            "Settings",
            "Staging",
            "Telemetry",
            "Videos",
        ],
        ["Upkeep"] =
        [
            "Catalogue",
            "Chunks",
            "Crypto",
            "Ingest",
            "Library",
            "Links",
            "Mp4",
            "Pictures",
            "Playback",
            "Settings",
            "Staging",
            "Videos",
            "Webhooks",
        ],
        ["Waiting"] = ["Caching", "Chunks", "Library", "Settings", "Staging", "Telegram", "Videos"],
        ["Tickets"] = ["Library", "Rows", "Videos"],
        ["Webhooks"] = ["Caching", "Crypto", "Library", "Rows", "Settings", "Videos"],
        ["Rotation"] = ["Catalogue", "Chunks", "Crypto", "Keys", "Library", "Links", "Rows", "Videos"],
        ["Orphans"] = ["Catalogue", "Chunks", "Crypto", "Ingest", "Library", "Replicas", "Rows", "Staging", "Videos"],
        ["Engine"] =
        [
            "Ingest",
            "Library",
            "Links",
            "Orphans",
            "Replicas",
            "Rotation",
            "Settings",
            "Staging",
            "Telemetry",
            "Tickets",
            "Upkeep",
            "Videos",
            "Waiting",
            "Webhooks",
        ],
    };

    static readonly SourceTree Core = SourceTree.Read("functions/TgVault.Core", "TgVault.Core");

    [Fact]
    public void Every_folder_of_the_core_uses_only_what_it_may()
    {
        var uses = Core
            .Uses.Select(use => (From: Top(use.From), To: Top(use.To), use.Where))
            // The root is what all share: ids and exceptions.
            .Where(use => use.From != use.To && use.To.Length > 0 && use.From != "Hosting")
            .ToList();

        Assert.Equal(Allowed.Keys.Append("Hosting").Order(), Core.Folders.Select(Top).Distinct().Order());
        Assert.Empty(uses.Where(use => !Allowed[use.From].Contains(use.To)).Select(Sentence).Distinct());
        // A row that allows what nobody needs hides the next mistake.
        Assert.Empty(Allowed.SelectMany(row => row.Value.Select(to => (row.Key, to))).Except(uses.Select(use => (use.From, use.To))));
    }

    [Theory]
    [InlineData("Azure.Data.Tables", "Rows", "Storage")]
    [InlineData("Microsoft.Data.Sqlite", "Rows.Sqlite")]
    public void What_keeps_the_rows_is_known_only_where_it_is_behind_the_seam(string package, params string[] folders) =>
        Assert.Equal(
            folders,
            Core.Files.Where(file => file.Code.Contains($"using {package};", StringComparison.Ordinal))
                .Select(file => file.Folder)
                .Distinct()
                .Order()
        );

    [Fact]
    public void No_folder_at_any_depth_uses_one_that_uses_it()
    {
        var uses = Core.Uses.ToLookup(use => use.From);

        var cycles =
            from folder in Core.Folders
            from use in uses[folder]
            where Reached(use.To).Contains(folder)
            select $"{Sentence(use)}, which leads back to it";

        Assert.Empty(cycles);

        HashSet<string> Reached(string start)
        {
            var reached = new HashSet<string> { start };
            var next = new Queue<string>([start]);
            while (next.TryDequeue(out var folder))
            {
                foreach (var use in uses[folder].Where(use => reached.Add(use.To)))
                    next.Enqueue(use.To);
            }

            return reached;
        }
    }

    [Fact]
    public void A_folder_has_about_fifteen_files_at_most()
    {
        const int About = 15;

        Assert.Empty(Core.Files.GroupBy(file => file.Folder).Where(folder => folder.Count() > About).Select(folder => folder.Key));
    }

    [Theory]
    [InlineData("TgVault.Core", "")]
    [InlineData("TgVault.Web", "TgVault.Core")]
    [InlineData("TgVault.BotApi", "")]
    public void Projects_refer_only_downwards(string project, string expected)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolders.Root(), "functions", project, $"{project}.csproj"));

        Assert.Equal(expected, string.Join(' ', ProjectReference().Matches(text).Select(match => match.Groups[1].Value)));
        Assert.False(project == "TgVault.Core" && text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    static string Top(string folder) => folder.Split('.')[0];

    static string Sentence((string From, string To, string Where) use) => $"{Named(use.From)} uses {Named(use.To)} in {use.Where}";

    static string Named(string folder) => folder.Length == 0 ? "the root" : folder;

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*/([\w.]+)\.csproj""")]
    private static partial Regex ProjectReference();
}

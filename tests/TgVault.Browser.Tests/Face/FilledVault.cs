using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Browser.Tests.Face;

/// <summary>
/// A vault whose rows tell of many films; there is nothing behind them. <c>TGVAULT_BENCH_FILMS=100000</c> says how many.
/// </summary>
public sealed class FilledVault : IAsyncLifetime
{
    const int Few = 1500;

    static readonly DateTimeOffset Newest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-filled-").FullName;
    readonly Chromium _chromium = new();
    VaultProcess? _vault;

    public VaultProcess Vault => _vault!;

    public Chromium Chromium => _chromium;

    public int Films { get; } =
        int.Parse(Environment.GetEnvironmentVariable("TGVAULT_BENCH_FILMS") ?? $"{Few}", CultureInfo.InvariantCulture);

    /// <summary>The name of the film that is so many places from the newest.</summary>
    public static string NameOf(int place) => $"Film no{place} of {Letter(place)}{Letter(place / 26)} 1080p.mkv";

    public async Task InitializeAsync()
    {
        // A vault is made first: rows without its secrets are refused.
        await (await VaultProcess.StartAsync(_folder)).DisposeAsync();
        using (var rows = SqliteRowStore.Open(Path.Combine(_folder, "storage"), TimeProvider.System))
        {
            var library = new TableLibrary(rows, TimeProvider.System, NullLogger<TableLibrary>.Instance);
            await library.PrepareAsync(CancellationToken.None);
            var many = new ParallelOptions { MaxDegreeOfParallelism = 200 };
            await Parallel.ForAsync(0, Films, many, async (i, token) => await library.TryAddAsync(Film(i), token));
        }

        _vault = await VaultProcess.StartAsync(_folder);
        await _chromium.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_vault is not null)
            await _vault.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    static Video Film(int place) =>
        new()
        {
            Id = VideoId.ForBlob($"{place}", "", Newest.AddMinutes(-place)),
            Details = new VideoDetails
            {
                Name = NameOf(place),
                Folder = place % 3 == 0 ? "" : $"Films/{Letter(place)}/{Letter(place / 26)}",
                Tags = [$"tag {place % 40}", "holiday"],
                Description = $"A film that is number {place} of all.",
            },
            Upload = new VideoUpload { SizeBytes = 1_000_000L * (place % 4000) },
            Life = VideoLife.Restored(VideoStatus.Ready, IngestStage.Done, 1, null, null),
            Inspection = new VideoInspection
            {
                Decision = new MediaDecision(MediaAction.Take, "It plays as it is."),
                Media = new MediaSummary
                {
                    Container = "mov,mp4",
                    DurationSeconds = 60 + place,
                    Tracks =
                    [
                        new()
                        {
                            Index = 0,
                            Kind = MediaTrackKind.Video,
                            Codec = "h264",
                            Width = 1920,
                            Height = 1080,
                            FrameRate = 25,
                        },
                        new()
                        {
                            Index = 1,
                            Kind = MediaTrackKind.Audio,
                            Codec = "aac",
                            Channels = 2,
                            Language = "eng",
                        },
                    ],
                },
            },
        };

    static char Letter(int number) => (char)('A' + (number % 26));
}

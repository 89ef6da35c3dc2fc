using Microsoft.Extensions.Logging.Abstractions;
using TgVault.BotApi;
using TgVault.BotApi.Faults;
using TgVault.Core.Chunks;
using TgVault.Core.Settings;
using TgVault.Core.Telegram;

namespace TgVault.Core.Tests.Telegram;

/// <summary>A Bot API stand-in with three bots and two channels in a temporary folder.</summary>
sealed class StandIn : IAsyncDisposable
{
    public const string FirstToken = "111111:AAFirstBotTokenThatNobodyMaySee";
    public const string SecondToken = "222222:AASecondBotTokenThatNobodyMaySee";
    public const string ThirdToken = "333333:AAThirdBotTokenThatNobodyMaySee";
    public const long FirstBot = 111111;
    public const long SecondBot = 222222;
    public const long FirstChannel = -1001000000001;
    public const long SecondChannel = -1001000000002;

    StandIn(string folder, BotApiServer server) => (Folder, Server) = (folder, server);

    /// <summary>What it keeps: documents, and the log of its messages.</summary>
    public string Folder { get; }

    public BotApiServer Server { get; }

    /// <param name="set">Changes what it serves.</param>
    public static async Task<StandIn> StartAsync(Func<BotApiOptions, BotApiOptions>? set = null)
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-botapi-").FullName;
        return new StandIn(
            folder,
            await BotApiServer.StartAsync(
                (set ?? (options => options))(
                    new BotApiOptions
                    {
                        DataDirectory = folder,
                        Tokens = [FirstToken, SecondToken, ThirdToken],
                        Channels = [FirstChannel, SecondChannel],
                    }
                ),
                CancellationToken.None
            )
        );
    }

    public TelegramSettings Settings(params string[] tokens) =>
        new()
        {
            BaseUrl = Server.Url,
            Bots = [.. (tokens.Length == 0 ? [FirstToken] : tokens).Select(token => new BotSettings { Token = token })],
            Channels = [FirstChannel],
            MessagesPerMinute = 0,
            TimeoutSeconds = 20,
            LongestWaitInPlaceSeconds = 2,
        };

    public TelegramChunkStore Store(params string[] tokens) => Store(Settings(tokens));

    public static TelegramChunkStore Store(TelegramSettings settings) => Store(settings, TimeProvider.System);

    public static TelegramChunkStore Store(TelegramSettings settings, TimeProvider time) =>
        new(settings, time, NullLogger<TelegramChunkStore>.Instance);

    /// <summary>One that records what it could not delete.</summary>
    public TelegramChunkStore StoreWith(IDiscardedDocuments discarded) =>
        new(Settings(), TimeProvider.System, NullLogger<TelegramChunkStore>.Instance) { Discarded = discarded };

    /// <summary>One that gives a download up at once when no byte comes.</summary>
    public TelegramChunkStore Impatient() =>
        new(Settings(), TimeProvider.System, NullLogger<TelegramChunkStore>.Instance) { StallLimit = TimeSpan.FromMilliseconds(300) };

    /// <summary>The disk under the stand-in loses the end of all that is stored.</summary>
    public void CutDocuments(int bytes)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Folder, "documents")))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(bytes);
        }
    }

    public int LiveDocuments => Server.Documents.Count(document => !document.IsDeleted);

    public void Fail(FaultKind kind, string? method = null, int retryAfter = 1, double seconds = 0) =>
        Server.Faults.Add(
            new Fault
            {
                Kind = kind,
                Method = method,
                Times = 1,
                RetryAfterSeconds = retryAfter,
                DelaySeconds = seconds,
            }
        );

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public static ChunkDocument Document(int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return new ChunkDocument($"d{seed}x{length}.bin", content);
    }
}

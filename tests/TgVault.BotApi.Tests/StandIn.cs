using System.Security.Cryptography;
using Telegram.Bot;
using Telegram.Bot.Types;

namespace TgVault.BotApi.Tests;

/// <summary>A server over a folder of its own, with two bots and two channels, and the clients that talk to it.</summary>
public sealed class StandIn : IAsyncDisposable
{
    public const string FirstToken = "111:first-secret";
    public const string SecondToken = "222:second-secret";
    public const long Channel = -1001234567890;
    public const long OtherChannel = -1009876543210;

    StandIn(string folder, BotApiServer server)
    {
        Folder = folder;
        Server = server;
        First = Client(FirstToken);
        Second = Client(SecondToken);
    }

    public string Folder { get; }

    public BotApiServer Server { get; private set; }

    public HttpClient Http { get; } = new();

    public TelegramBotClient First { get; private set; }

    public TelegramBotClient Second { get; private set; }

    public static async Task<StandIn> StartAsync(Func<BotApiOptions, BotApiOptions>? with = null)
    {
        var folder = Directory.CreateTempSubdirectory("botapi-").FullName;
        var options = Options(folder);
        return new StandIn(folder, await BotApiServer.StartAsync(with is null ? options : with(options), CancellationToken.None));
    }

    public async Task RestartAsync(Func<BotApiOptions, BotApiOptions>? with = null)
    {
        await Server.DisposeAsync();
        var options = Options(Folder);
        Server = await BotApiServer.StartAsync(with is null ? options : with(options), CancellationToken.None);
        (First, Second) = (Client(FirstToken), Client(SecondToken));
    }

    public Task<Message> SendAsync(byte[] content, string name = "c.bin", string? caption = null) =>
        First.SendDocument(Channel, InputFile.FromStream(new MemoryStream(content), name), caption, disableContentTypeDetection: true);

    public async Task<string> LinkAsync(string fileId) => $"{Server.Url}/file/bot{FirstToken}/{(await First.GetFile(fileId)).FilePath}";

    public async Task<string> LinkToNewAsync(byte[] content) => await LinkAsync((await SendAsync(content)).Document!.FileId);

    public static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    static BotApiOptions Options(string folder) =>
        new()
        {
            DataDirectory = folder,
            Tokens = [FirstToken, SecondToken],
            Channels = [Channel, OtherChannel],
        };

    TelegramBotClient Client(string token) =>
        new(new TelegramBotClientOptions(token, Server.Url) { RetryCount = 1, RetryThreshold = 0 }, Http);
}

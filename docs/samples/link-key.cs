// Prints the link key of a vault: what signs links, and nothing else (FORMAT.md, sections 2.1 and 8).
//   dotnet run docs/samples/link-key.cs [DATA FOLDER]
// It takes the vault's own settings from the environment; what is missing there comes from the data folder of `./tgvault up`.
// The vault key's salt is read from the catalogue that the vault has pinned in its first channel, so one video must be stored.
#:package NSec.Cryptography
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NSec.Cryptography;

var folder = args.FirstOrDefault() ?? Environment.GetEnvironmentVariable("TGVAULT_DATA") ?? ".tgvault";
var master = Setting("MasterSecret", () => Local("secrets.json").GetProperty("masterSecret").ToString());
var token = Setting("Telegram__Bots__0__Token", () => Local("secrets.json").GetProperty("botToken").ToString());
var channel = Setting("Telegram__Channels__0", () => Local("secrets.json").GetProperty("channel").ToString());
var isLocal = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TgVault__Telegram__Bots__0__Token"));
var server = Setting(
    "Telegram__BaseUrl",
    () => isLocal ? $"http://127.0.0.1:{Local("telegram/port.json").GetProperty("port")}" : "https://api.telegram.org"
);

// The header of the pinned catalogue: FORMAT.md, section 5.
using var http = new HttpClient();
var chat = await AskAsync($"getChat?chat_id={channel}");
if (!chat.TryGetProperty("pinned_message", out var pinned))
    throw new InvalidOperationException("Nothing is pinned in the channel yet: store a video first.");
var fileId = pinned.GetProperty("document").GetProperty("file_id").ToString();
var file = await AskAsync($"getFile?file_id={Uri.EscapeDataString(fileId)}");
var document = await http.GetByteArrayAsync(new Uri($"{server}/file/bot{token}/{file.GetProperty("file_path")}"));
if (!document.AsSpan(0, 5).SequenceEqual("TGVD\u0001"u8))
    throw new InvalidOperationException("What is pinned in the channel is no document of a vault.");
var version = BinaryPrimitives.ReadInt32BigEndian(document.AsSpan(8));
var memoryKiB = BinaryPrimitives.ReadInt32BigEndian(document.AsSpan(12));
var passes = BinaryPrimitives.ReadInt32BigEndian(document.AsSpan(16));
if (version < 1 || memoryKiB is < 8 or > 1_048_576 || passes is < 1 or > 100)
    throw new InvalidOperationException("The key parameters of the catalogue are out of range.");

var argon = new Argon2id(
    new Argon2Parameters
    {
        DegreeOfParallelism = 1,
        MemorySize = memoryKiB,
        NumberOfPasses = passes,
    }
);
var vaultKey = argon.DeriveBytes(Encoding.UTF8.GetBytes(master), document.AsSpan(20, 16), 32);
if (!Derive("check", 16).AsSpan().SequenceEqual(document.AsSpan(36, 16)))
    throw new InvalidOperationException("The master secret is not the one this vault was made with.");
Console.WriteLine($"TGVAULT_LINK_KEY={Convert.ToHexStringLower(Derive("links", 32))}");
Console.WriteLine($"TGVAULT_LINK_KEY_ID=v{version}");

byte[] Derive(string purpose, int length) =>
    HKDF.DeriveKey(HashAlgorithmName.SHA256, vaultKey, length, [], Encoding.UTF8.GetBytes($"tgvault/v1/key/{purpose}"));

async Task<JsonElement> AskAsync(string call)
{
    using var response = await http.GetAsync(new Uri($"{server}/bot{token}/{call}"));
    using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
    return answer.RootElement.TryGetProperty("result", out var result)
        ? result.Clone()
        : throw new InvalidOperationException($"Telegram refuses: {answer.RootElement.GetProperty("description")}");
}

string Setting(string name, Func<string> otherwise) =>
    Environment.GetEnvironmentVariable($"TgVault__{name}") is { Length: > 0 } value ? value : otherwise();

JsonElement Local(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, name))).RootElement;

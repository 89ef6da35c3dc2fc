// A link to a video, made with a link key: dotnet run link.cs VIDEO
#:property PublishAot=false
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

Console.WriteLine(LinkTo(args[0], TimeSpan.FromHours(1)));

static string LinkTo(string video, TimeSpan lifetime)
{
    var head = Part(
        new
        {
            alg = "HS256",
            typ = "JWT",
            kid = Setting("TGVAULT_LINK_KEY_ID"),
        }
    );
    var claims = Part(
        new
        {
            aud = "tgvault",
            sub = video,
            exp = (DateTimeOffset.UtcNow + lifetime).ToUnixTimeSeconds(),
        }
    );
    var key = Convert.FromHexString(Setting("TGVAULT_LINK_KEY"));
    var signature = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{head}.{claims}"));
    return $"{Setting("VAULT")}/v/{head}.{claims}.{Base64Url.EncodeToString(signature)}/video.mp4";
}

static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Set {name}.");

using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace TgVault.Web.Tests;

/// <summary>
/// Requests that no client of good will sends, from a seed, over bare connections: whatever they are, they are refused, nothing breaks, and
/// every answer of the vault's says to browsers what all do. TGVAULT_MALFORMED_REQUESTS says how many, where more are wanted.
/// </summary>
public sealed class MalformedRequestTests
{
    const int Seed = 20261129;
    const int Usual = 1000;

    static readonly string[] BadHeaders =
    [
        "Range: bytes=9-1",
        "Range: bytes=0-18446744073709551616",
        "Range: bytes=-",
        "Content-Length: 18446744073709551616",
        "Content-Length: -1",
        "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: gzip",
        "Content-Type: application/json; charset=\"",
        "Content-Type: \u0001",
        "If-Match: a b",
        "If-Range: W/\"",
        "X-Api-Key: \u00e9\u00ff",
        "Authorization: Bearer \u007f",
        "Cookie: ;;=;\"",
        "Accept-Encoding: gzip;q=x, br;q=2",
        "Origin: null, http://[::",
        "X-Forwarded-For: \u00ff, [::1",
        "x-ms-blob-type: PageBlob",
        "x-ms-version: \u0000",
        "Host: other host",
        " folded: header",
        "no colon",
        ": no name",
    ];

    static readonly string[] BadBodies =
    [
        "zz\r\nbody\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFFF\r\n",
        "5\r\nab\r\n",
        "-1\r\n\r\n",
        "3;ext=\"\r\nabc",
        "3\r\nabcd\r\n0\r\n\r\n",
    ];

    static readonly string[] BadJson =
    [
        "{",
        "[]",
        "null",
        "{\"name\":\"\\ud800\",\"size\":1}",
        "{\"name\":5,\"size\":\"x\"}",
        "{\"name\":\"a\",\"size\":1e400}",
        "{\"name\":\"a\",\"size\":-1}",
        "{\"__proto__\":{},\"size\":9223372036854775808}",
        "\u0000\u00ff",
        "{\"tags\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    [Fact(Timeout = 300_000)]
    public async Task Whatever_they_are_they_are_refused_and_the_vault_stays_well()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_MALFORMED_REQUESTS") ?? $"{Usual}", CultureInfo.InvariantCulture);
        await using var parts = await WebParts.StartAsync();
        var random = new Random(Seed);
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            var (request, mayPass, isHalf) = Make(random, parts);
            var (status, answer) = await SendAsync(parts.Host.Address, request, isHalf);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(
                status is 0 or (>= 400 and < 500) || (mayPass && status < 400),
                $"request {i} of seed {Seed} was answered with {status}:\n{request}\n{answer}"
            );
        }

        // 0: a connection that was closed without an answer, which those may get whose client has closed its half.
        Assert.True(statuses.GetValueOrDefault(0) < count / 2, string.Join(", ", statuses));
        Assert.True(statuses.GetValueOrDefault(400) > count / 4, string.Join(", ", statuses));
        using var well = await parts.GetAsync("api/health");
        Assert.Equal(200, (int)well.StatusCode);
        Assert.DoesNotContain(parts.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("zz\r\n")]
    [InlineData("5\r\n{\"name\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF\r\n")]
    public async Task A_chunked_body_that_is_none_is_the_clients_fault(string body)
    {
        await using var parts = await WebParts.StartAsync();

        var (status, _) = await SendAsync(
            parts.Host.Address,
            $"POST /api/uploads HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {WebParts.ApiKey}\r\nContent-Type: application/json\r\n"
                + $"Transfer-Encoding: chunked\r\n\r\n{body}",
            isHalf: false
        );

        Assert.Equal(400, status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_answer_says_to_browsers_what_all_do()
    {
        await using var parts = await WebParts.StartAsync();
        foreach (var route in VaultRoutes.All)
        {
            var path = route
                .Pattern.Replace("{id}", parts.Video.Row.Id.ToString(), StringComparison.Ordinal)
                .Replace("{link}", parts.LinkTo(), StringComparison.Ordinal)
                .Replace("{name}", "name", StringComparison.Ordinal);
            foreach (var key in (string[])["", WebParts.ApiKey])
            {
                if (path.Contains("events", StringComparison.Ordinal))
                    continue;
                using var answer = await parts.SendAsync(new HttpMethod(route.Methods[0]), path, null, ("X-Api-Key", key));

                Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
                Assert.Equal(["same-origin"], answer.Headers.GetValues("Referrer-Policy"));
                Assert.Contains(
                    "default-src 'none'",
                    Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
                    StringComparison.Ordinal
                );
            }
        }
    }

    /// <summary>
    /// A request, whether it may be answered all the same (a header that means nothing to a route is passed over), and whether its body may
    /// lack an end.
    /// </summary>
    static (string Request, bool MayPass, bool IsHalf) Make(Random random, WebParts parts)
    {
        var (mayPass, isHalf) = (false, false);
        var route = VaultRoutes.All[random.Next(VaultRoutes.All.Length)];
        var method = random.Next(4) == 0 ? Pick(random, ["PUT", "PATCH", "TRACE", "BREW", "get", "OPTIONS*"]) : route.Methods[0];
        var path = Damage(
            random,
            "/"
                + route
                    .Pattern.Replace("{id}", Pick(random, ["../..", "%00", "0", parts.Video.Row.Id.ToString()]), StringComparison.Ordinal)
                    .Replace("{link}", Pick(random, ["e30.e30.", "a.b.c", "%ff", parts.LinkTo()[..^3]]), StringComparison.Ordinal)
        );
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\n");
        text.Append("Host: localhost\r\nConnection: close\r\n");
        if (random.Next(2) == 0)
            text.Append(CultureInfo.InvariantCulture, $"X-Api-Key: {WebParts.ApiKey}\r\n");
        switch (random.Next(3))
        {
            case 0:
                mayPass = true;
                var header = Pick(random, BadHeaders);
                isHalf = header.StartsWith("Transfer-Encoding", StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"{header}\r\nX-Bad\u0001: 1\r\n\r\n");
                break;
            case 1:
                isHalf = true;
                text.Clear();
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"POST /api/uploads HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {WebParts.ApiKey}\r\n"
                );
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"Content-Type: application/json\r\nTransfer-Encoding: {Pick(random, ["chunked", "x, chunked"])}"
                );
                text.Append(CultureInfo.InvariantCulture, $"\r\n\r\n{Pick(random, BadBodies)}");
                break;
            default:
                var body = Pick(random, BadJson);
                text.Clear();
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"POST /api/{Pick(random, ["uploads", "nowhere", $"videos/{parts.Video.Row.Id}/links"])}"
                );
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Api-Key: {WebParts.ApiKey}\r\n"
                );
                text.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                break;
        }

        return (text.ToString(), mayPass, isHalf);
    }

    static string Damage(Random random, string path) =>
        random.Next(6) switch
        {
            0 => path + "?" + new string('a', random.Next(20_000)),
            1 => path + "%" + (char)random.Next(33, 127),
            2 => path.Insert(random.Next(path.Length), "\u00ff"),
            3 => path + "?link=" + Pick(random, ["..", "%00", "\u00e9"]),
            4 => "http://[" + path,
            _ => path,
        };

    static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    /// <summary>The answer's status; 0 where the connection was closed without one.</summary>
    static async Task<(int Status, string Answer)> SendAsync(Uri address, string request, bool isHalf)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            // Nothing more comes: what is half is half for good.
            if (isHalf)
                client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadLineAsync() ?? "";
            return (text.Length > 12 && int.TryParse(text.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status) ? status : 0, text);
        }
        catch (IOException)
        {
            return (0, "");
        }
    }
}

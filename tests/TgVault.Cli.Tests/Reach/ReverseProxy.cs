using System.Diagnostics;
using TgVault.Cli.Tests.Docs;

namespace TgVault.Cli.Tests.Reach;

/// <summary>nginx or Caddy before a vault, with the configuration that docs/reach.md has for it.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    public const string Host = "video.example.org";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    readonly Process _process;

    ReverseProxy(Process process) => _process = process;

    /// <param name="program">nginx or caddy.</param>
    /// <param name="folder">For what it writes.</param>
    /// <param name="port">The vault's.</param>
    /// <param name="certificate">What it shows to clients.</param>
    /// <param name="machines">It runs on the vault's, on port 443.</param>
    public static async Task<ReverseProxy> StartAsync(
        string program,
        string folder,
        int port,
        TestCertificate certificate,
        TwoMachines machines
    )
    {
        var language = program == "nginx" ? "nginx" : "caddyfile";
        var text = DocPage.Read("docs/reach.md").Fences.Single(fence => fence.Language == language).Text;
        text = text.Replace("127.0.0.1:7071", $"127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/video.example.org/fullchain.pem", certificate.CertificatePath, StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/video.example.org/privkey.pem", certificate.KeyPath, StringComparison.Ordinal);
        var configuration = Path.Combine(folder, program + ".conf");
        await File.WriteAllTextAsync(configuration, program == "nginx" ? AroundNginx(text, folder) : AroundCaddy(text, certificate));
        string[] line =
        [
            .. machines.OnVault,
            Find(program),
            .. program == "nginx"
                ? ["-e", "stderr", "-p", folder, "-c", configuration]
                : (string[])["run", "--adapter", "caddyfile", "--config", configuration],
        ];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true };
        foreach (var name in new[] { "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME" })
            start.Environment[name] = folder;
        var proxy = new ReverseProxy(Process.Start(start)!);
        var errors = proxy._process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await machines.ListeningAsync()).Any(address => address.EndsWith(":443", StringComparison.Ordinal)))
        {
            if (proxy._process.HasExited)
                throw new InvalidOperationException($"{program} ended: {await errors}");
            await timer.WaitForNextTickAsync(limit.Token);
        }

        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Limit);
        _process.Dispose();
    }

    // In the foreground, as one process, writing into the test's folder only.
    static string AroundNginx(string server, string folder) =>
        $$"""
            user root;
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
            {{server}}
            }
            """;

    // With the test's certificate in place of one from an authority on the internet.
    static string AroundCaddy(string site, TestCertificate certificate) =>
        "{\n    admin off\n    auto_https disable_redirects\n}\n"
        + site.Replace($"{Host} {{", $"{Host} {{\n    tls {certificate.CertificatePath} {certificate.KeyPath}", StringComparison.Ordinal);

    static string Find(string program)
    {
        if (Environment.GetEnvironmentVariable($"TGVAULT_{program.ToUpperInvariant()}") is { Length: > 0 } named)
            return named;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin");
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"No {program} was found; `./tgvault test` unpacks it, or name the program in TGVAULT_{program.ToUpperInvariant()}."
            );
    }
}

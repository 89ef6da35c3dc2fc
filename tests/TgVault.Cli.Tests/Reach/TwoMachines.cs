using System.Diagnostics;
using System.Text;

namespace TgVault.Cli.Tests.Reach;

/// <summary>What a program printed on one of the machines.</summary>
internal sealed record Ran(int ExitCode, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>
/// A machine for a vault and a phone with a cable between them: network namespaces of this test's own, with the same files and programs.
/// The cable has a private network and one that looks public.
/// </summary>
internal sealed class TwoMachines : IAsyncDisposable
{
    public const string Vault = "192.168.77.1";
    public const string VaultV6 = "fd00:77::1";

    // RFC 5737: for documentation, in no private network.
    public const string VaultPublic = "203.0.113.1";

    // Both namespaces end with the program that holds them; it ends with its input.
    const string Setup = """
        set -e
        ip link set lo up
        exec 3<&0
        unshare --net cat <&3 >/dev/null &
        phone=$!
        until [ "$(readlink /proc/$phone/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
        ip link add lan0 type veth peer name phone0 netns $phone
        ip addr add 192.168.77.1/24 dev lan0
        ip addr add 203.0.113.1/24 dev lan0
        ip addr add fd00:77::1/64 dev lan0 nodad
        ip link set lan0 up
        nsenter --target $phone --net sh -ec '
          ip link set lo up
          ip addr add 192.168.77.2/24 dev phone0
          ip addr add 203.0.113.2/24 dev phone0
          ip addr add fd00:77::2/64 dev phone0 nodad
          ip link set phone0 up
        '
        echo "$$ $phone"
        exec cat
        """;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    readonly Process _holder;
    readonly string _phone;

    TwoMachines(Process holder, string vault, string phone)
    {
        _holder = holder;
        OnVault = Entering(vault);
        _phone = phone;
    }

    /// <summary>What to put before a program that is to run on the vault's machine.</summary>
    public IReadOnlyList<string> OnVault { get; }

    IReadOnlyList<string> OnPhone => Entering(_phone);

    public static async Task<TwoMachines> StartAsync()
    {
        var holder = Process.Start(
            new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--net", "sh", "-c", Setup])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var line = await holder.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        return line?.Split(' ') is [var vault, var phone]
            ? new TwoMachines(holder, vault, phone)
            : throw new InvalidOperationException($"No network namespaces: {await holder.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Runs a program on the phone.</summary>
    public Task<Ran> PhoneAsync(params string[] command) => RunAsync(OnPhone, command);

    /// <summary>curl on the phone: prints the body, and says HTTP's version and status at the end of the error output.</summary>
    public Task<Ran> CurlAsync(params string[] arguments) =>
        PhoneAsync([
            "curl",
            "--silent",
            "--show-error",
            "--max-time",
            "60",
            "--write-out",
            "%{stderr}%{http_version} %{http_code}",
            .. arguments,
        ]);

    /// <summary>Runs a program on the vault's machine.</summary>
    public Task<Ran> VaultAsync(params string[] command) => RunAsync(OnVault, command);

    /// <summary>Addresses that any process of the vault's machine listens on.</summary>
    public async Task<IReadOnlyList<string>> ListeningAsync() =>
        [
            .. (await VaultAsync("ss", "--listening", "--tcp", "--numeric", "--no-header"))
                .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]),
        ];

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync().WaitAsync(Limit);
        _holder.Dispose();
    }

    static string[] Entering(string process) => ["nsenter", "--target", process, "--user", "--preserve-credentials", "--net"];

    static async Task<Ran> RunAsync(IReadOnlyList<string> where, IReadOnlyList<string> command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(where[0], [.. where.Skip(1), .. command])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            using var output = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Ran(process.ExitCode, output.ToArray(), await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

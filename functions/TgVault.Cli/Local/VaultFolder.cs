using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Local;

/// <summary>What a running local vault leaves for client commands: where it answers, and the key it wants.</summary>
sealed record RunningVault(string Url, string ApiKey, int Pid);

/// <summary>Made once per data folder. Without the master secret nothing in the folder can be read again.</summary>
sealed record LocalSecrets(string MasterSecret, string ApiKey, string BotToken, long Channel)
{
    /// <summary>The master secret before, while it is being rotated; null where nothing needs it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FormerMasterSecret { get; init; }

    /// <summary>When the last rotation ended; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Rotated { get; init; }
}

/// <summary>
/// The folder that holds everything of one local vault, locked for as long as this object lives:
/// two vaults on one folder would overwrite each other.
/// The system releases the lock with its process, so a killed vault leaves no stale one.
/// </summary>
sealed class VaultFolder : IDisposable
{
    const string SecretsName = "secrets.json";

    readonly FileStream _lock;

    VaultFolder(string path, FileStream locked)
    {
        Path = path;
        _lock = locked;
    }

    public string Path { get; }

    /// <summary>Rows and uploads.</summary>
    public string Storage => StorageOf(Path);

    /// <summary>Where client commands find the vault and its key.</summary>
    public string RunFile => RunFileOf(Path);

    /// <summary>Whether secrets were ever made here.</summary>
    public bool HasSecrets => File.Exists(SecretsFile);

    /// <summary>The documents of the Bot API stand-in.</summary>
    public string Telegram => System.IO.Path.Combine(Path, "telegram");

    /// <summary>What ingest writes on the way; nothing in it outlives a restart.</summary>
    public string Temporary => System.IO.Path.Combine(Path, "tmp");

    /// <summary>Where the folder is when no --data is given: what the script says, or .tgvault in the current folder.</summary>
    public static string Default => Environment.GetEnvironmentVariable("TGVAULT_DATA") is { Length: > 0 } path ? path : ".tgvault";

    /// <summary>The function app's, within: what stores in one way cannot go on from what stored in another.</summary>
    public static string DefaultOfFunc => System.IO.Path.Combine(Default, "func");

    /// <summary>Where the vault of a data folder has its rows and uploads.</summary>
    public static string StorageOf(string path) => System.IO.Path.Combine(System.IO.Path.GetFullPath(path), "storage");

    /// <summary>Locks the folder; makes it where it is missing. From now on what this process makes is its user's alone.</summary>
    /// <exception cref="CommandFailedException">Another vault runs on this folder, or others can get at it.</exception>
    public static VaultFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        Ownership.KeepOthersOut();
        PrivateFolder.Open(path);
        try
        {
            var folder = new VaultFolder(
                path,
                new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
            );
            PrivateFile.MakeFolder(folder.Temporary);
            return folder;
        }
        catch (IOException exception) when (PrivateFile.IsTaken(exception))
        {
            var running = FindRunning(path);
            throw new CommandFailedException(
                running is null
                    ? $"Another vault is using {path}."
                    : $"A vault is running on {path} already, at {running.Url} (process {running.Pid}). Stop it first, or give this one "
                        + "another folder with --data.",
                exception
            );
        }
    }

    /// <summary>What the vault on this folder wrote when it came up; null where none did, or it stopped in good order.</summary>
    public static RunningVault? FindRunning(string path) => PrivateFile.Read<RunningVault>(RunFileOf(path));

    /// <summary>The secrets of a data folder, also while a vault runs on it; null where there are none.</summary>
    public static LocalSecrets? ReadSecrets(string path) => PrivateFile.Read<LocalSecrets>(SecretsFileOf(path));

    /// <summary>
    /// Makes a new master secret and keeps the former one beside it; does nothing where one is kept already. Also while a vault runs on the
    /// folder, which then goes on with the new one.
    /// </summary>
    /// <exception cref="CommandFailedException">There are no secrets.</exception>
    public static LocalSecrets BeginRotation(string path)
    {
        var secrets =
            ReadSecrets(path) ?? throw new CommandFailedException($"{path} has no secrets.json: name the vault's data folder with --data.");
        if (secrets.FormerMasterSecret is not null)
            return secrets;
        var rotating = secrets with { MasterSecret = MakeSecret(), FormerMasterSecret = secrets.MasterSecret };
        PrivateFile.Write(SecretsFileOf(path), rotating);
        return rotating;
    }

    /// <summary>Forgets the former master secret, which nothing needs any more.</summary>
    public void EndRotation(DateTimeOffset now)
    {
        if (ReadSecrets(Path) is { FormerMasterSecret: not null } secrets)
            PrivateFile.Write(SecretsFile, secrets with { FormerMasterSecret = null, Rotated = now });
    }

    public void Announce(RunningVault running) => PrivateFile.Write(RunFile, running);

    /// <param name="mayCreate">False where somebody else gives the master secret.</param>
    /// <exception cref="CommandFailedException">The secrets are gone, but what they sealed is there.</exception>
    public LocalSecrets LoadSecrets(bool mayCreate)
    {
        var file = SecretsFile;
        if (PrivateFile.Read<LocalSecrets>(file) is { } stored)
            return stored;
        if (mayCreate && (File.Exists(file) || Directory.Exists(Storage)))
            throw new CommandFailedException(
                $"{file} is missing or damaged, and without its master secret the videos in {Path} cannot be read. Put a copy of it "
                    + "back, or begin a new vault with --data."
            );
        var made = new LocalSecrets(
            MakeSecret(),
            MakeSecret(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue)}:{RandomNumberGenerator.GetHexString(35, lowercase: true)}"
            ),
            -1_000_000_000_000 - RandomNumberGenerator.GetInt32(1_000_000_000, int.MaxValue)
        );
        PrivateFile.Write(file, made);
        return made;
    }

    public void Dispose()
    {
        File.Delete(RunFile);
        _lock.Dispose();
    }

    string SecretsFile => SecretsFileOf(Path);

    static string SecretsFileOf(string path) => System.IO.Path.Combine(System.IO.Path.GetFullPath(path), SecretsName);

    static string MakeSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    static string RunFileOf(string path) => System.IO.Path.Combine(path, "run.json");
}

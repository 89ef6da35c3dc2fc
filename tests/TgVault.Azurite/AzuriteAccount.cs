using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TgVault.Azurite;

/// <summary>
/// The account that one data folder's Azurite serves, kept beside the data with mode 0600. Its key is random:
/// with the well-known development key any web page that finds the port could sign requests.
/// Ports are kept so that upload URLs outlive a restart; 0 = not chosen yet.
/// </summary>
sealed record AzuriteAccount(string Key, int BlobPort, int QueuePort, int TablePort)
{
    public const string Name = "tgvault";

    const string FileName = "account.json";

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Name};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{BlobPort}/{Name};QueueEndpoint=http://127.0.0.1:{QueuePort}/{Name};"
        + $"TableEndpoint=http://127.0.0.1:{TablePort}/{Name};";

    public static AzuriteAccount Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new AzuriteAccount(Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)), 0, 0, 0);
        return JsonSerializer.Deserialize(File.ReadAllBytes(path), AzuriteAccountJson.Default.AzuriteAccount)
            ?? throw new InvalidDataException($"{path} does not hold an Azurite account; remove the folder to start over.");
    }

    public void Save(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(path + ".new", options))
            JsonSerializer.Serialize(file, this, AzuriteAccountJson.Default.AzuriteAccount);
        File.Move(path + ".new", path, overwrite: true);
    }
}

[JsonSerializable(typeof(AzuriteAccount))]
sealed partial class AzuriteAccountJson : JsonSerializerContext;

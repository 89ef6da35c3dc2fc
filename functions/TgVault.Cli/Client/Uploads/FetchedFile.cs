using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client.Uploads;

/// <summary>A file fetched from somewhere else, to be uploaded from here; gone when it is disposed.</summary>
sealed class FetchedFile : IDisposable
{
    const int BufferBytes = 128 << 10;
    const int MostRedirections = 10;

    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    FetchedFile(string path, string name)
    {
        Path = path;
        Name = name;
    }

    public string Path { get; }

    /// <summary>What its sender calls it.</summary>
    public string Name { get; }

    /// <param name="url">An http or https address; a user and password in it are sent as such.</param>
    /// <param name="folder">Where the file is kept meanwhile.</param>
    /// <exception cref="CommandFailedException">It leads to no file, or the disk has no room.</exception>
    public static async Task<FetchedFile> FetchAsync(Uri url, string folder, Transfer bar, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15), MaxAutomaticRedirections = MostRedirections }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("tgvault", "1"));
        if (url.UserInfo.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo)))
            );
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestSilence);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if ((int)answer.StatusCode is >= 300 and < 400)
                throw new CommandFailedException($"It leads on more than {MostRedirections} times, in circles maybe.");
            if (!answer.IsSuccessStatusCode)
                throw new CommandFailedException($"It answers {(int)answer.StatusCode} {answer.ReasonPhrase}.");
            if (answer.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
                throw new CommandFailedException("A web page answers there, no file: give the address of the file itself.");
            return await KeepAsync(answer, url, folder, bar, patience);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException("Nothing came from there for a minute; try again.", exception);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            throw new CommandFailedException($"There is no host {url.Host}.", exception);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
        {
            throw new CommandFailedException($"Nobody answers at {url.Authority}.", exception);
        }
    }

    /// <summary>The last part of an address's path; its host where there is none.</summary>
    public static string NameIn(Uri url) =>
        Uri.UnescapeDataString(url.AbsolutePath).TrimEnd('/').Split('/')[^1] is { Length: > 0 } name ? name : url.Host;

    public void Dispose() => File.Delete(Path);

    static async Task<FetchedFile> KeepAsync(
        HttpResponseMessage answer,
        Uri url,
        string folder,
        Transfer bar,
        CancellationTokenSource patience
    )
    {
        PrivateFile.MakeFolder(folder);
        // An address always has the same file, so that one that a crash left is written over.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri)).AsSpan(0, 16));
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), $"{hash}.fetched");
        var total = answer.Content.Headers.ContentLength ?? 0;
        if (new DriveInfo(System.IO.Path.GetFullPath(folder)).AvailableFreeSpace < total)
            throw new CommandFailedException($"It has {Units.Size(total)}, and the disk of {folder} has no room for that.");
        try
        {
            await using var file = PrivateFile.Open(path, FileMode.Create);
            await using var content = await answer.Content.ReadAsStreamAsync(patience.Token);
            var buffer = new byte[BufferBytes];
            int count;
            while ((count = await content.ReadAsync(buffer, patience.Token)) > 0)
            {
                patience.CancelAfter(LongestSilence);
                await file.WriteAsync(buffer.AsMemory(0, count), patience.Token);
                bar.Report((file.Position, Math.Max(total, file.Position)));
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        var said = answer.Content.Headers.ContentDisposition;
        var name = (said?.FileNameStar ?? said?.FileName)?.Trim('"');
        return new FetchedFile(path, string.IsNullOrWhiteSpace(name) ? NameIn(answer.RequestMessage?.RequestUri ?? url) : name);
    }
}

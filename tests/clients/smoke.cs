// A client as NSwag makes it from a running vault's own description: compiled, then run against it. What NSwag wrote follows behind this.
// Takes the vault's address and key; ends with a line `ok`.
#:property PublishAot=false
#:property UseSharedCompilation=false
#:property Nullable=disable
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vault;

using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
http.DefaultRequestHeaders.Add("X-Api-Key", args[1]);
var api = new VaultClient(http);

var bytes = Encoding.UTF8.GetBytes("Hello from C#");
var key = Guid.NewGuid().ToString();
var announcement = new NewUpload
{
    Name = "csharp.txt",
    Size = bytes.Length,
    ContentType = "text/plain",
    Tags = ["smoke"],
};
var upload = await api.CreateUploadAsync(announcement, key);
Same("the id of the same announcement", (await api.CreateUploadAsync(announcement, key)).Id, upload.Id);

using var put = new HttpRequestMessage(HttpMethod.Put, upload.UploadUrl) { Content = new ByteArrayContent(bytes) };
put.Headers.Add("x-ms-blob-type", "BlockBlob");
using var sent = await http.SendAsync(put);
Same("the status of the upload", (int)sent.StatusCode, 201);

Video video;
using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
do
{
    await timer.WaitForNextTickAsync();
    video = await api.ShowVideoAsync(upload.Id);
    if (video.Status == Status.Failed)
        throw new InvalidOperationException(video.Failure);
} while (video.Status != Status.Ready || video.Stage != Stage.Done);

var changed = await api.ChangeVideoAsync(upload.Id, new VideoChange { Description = "Hello" }, "*");
Same("the description", changed.Description, "Hello");
try
{
    await api.ChangeVideoAsync(upload.Id, new VideoChange { Description = "late" }, "\"another\"");
    throw new InvalidOperationException("A change that comes late was made.");
}
catch (ApiException<Problem> refused)
{
    Same("the code of a change that comes late", refused.Result.Code, ProblemCode.PreconditionFailed);
}

var page = await api.ListVideosAsync(tag: "smoke", limit: 200);
Same("whether it is listed", page.Videos.Any(one => one.Id == upload.Id), true);
var link = await api.LinkVideoAsync(upload.Id, null, new NewLink { Ttl = 60, Kinds = [LinkKind.Mp4] });
Same("what the link plays", await http.GetStringAsync(link.Url), "Hello from C#");
Same("the status of the removal", (await api.RemoveVideoAsync(upload.Id, permanent: true)).Status, Status.Deleting);
Console.WriteLine("ok");

static void Same<T>(string what, T actual, T expected)
{
    if (!Equals(actual, expected))
        throw new InvalidOperationException($"{what} is {actual} instead of {expected}");
}

namespace Vault
{
    partial class VaultClient
    {
        // NSwag's own converters are of single values, not of lists.
        static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
            settings.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}

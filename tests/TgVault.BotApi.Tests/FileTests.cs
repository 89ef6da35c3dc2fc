using System.Net;
using Telegram.Bot;
using Telegram.Bot.Exceptions;

namespace TgVault.BotApi.Tests;

public sealed class FileTests
{
    static readonly byte[] Content = StandIn.Bytes(1000);

    [Fact(Timeout = 30000)]
    public async Task File_ids_work_for_their_bot_only_and_one_document_has_several()
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync(Content);

        var own = await standIn.First.GetFile(message.Document!.FileId);
        var foreign = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.Second.GetFile(message.Document.FileId));
        var forwarded = await standIn.Second.ForwardMessage(StandIn.Channel, StandIn.Channel, message.Id);
        var others = await standIn.Second.GetFile(forwarded.Document!.FileId);

        Assert.Equal("Bad Request: wrong file_id or the file is temporarily unavailable", foreign.Message);
        Assert.NotEqual(message.Document.FileId, own.FileId);
        Assert.Equal(own.FilePath, (await standIn.First.GetFile(own.FileId)).FilePath);
        Assert.Equal((1000L, message.Document.FileUniqueId), (others.FileSize, others.FileUniqueId));
        Assert.Equal(message.Id + 1, forwarded.Id);
    }

    [Theory(Timeout = 30000)]
    [InlineData("", "file_id not specified")]
    [InlineData("nonsense", "invalid file_id")]
    [InlineData("?!*", "invalid file_id")]
    public async Task What_is_no_file_id_is_refused(string id, string description)
    {
        await using var standIn = await StandIn.StartAsync();

        var answer = await standIn.Http.GetStringOrErrorAsync(
            $"{standIn.Server.Url}/bot{StandIn.FirstToken}/getFile?file_id={Uri.EscapeDataString(id)}"
        );

        Assert.Equal($$"""{"ok":false,"error_code":400,"description":"Bad Request: {{description}}"}""", answer);
    }

    [Fact(Timeout = 30000)]
    public async Task A_file_id_cut_short_is_invalid()
    {
        await using var standIn = await StandIn.StartAsync();
        var id = (await standIn.SendAsync(Content)).Document!.FileId;

        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.GetFile(id[..^1]));

        Assert.Equal("Bad Request: invalid file_id", refusal.Message);
    }

    [Fact(Timeout = 60000)]
    public async Task GetFile_gives_20_MiB_and_not_a_byte_more()
    {
        await using var standIn = await StandIn.StartAsync();
        var most = await standIn.SendAsync(new byte[20 << 20]);
        var more = await standIn.SendAsync(new byte[(20 << 20) + 1]);

        Assert.Equal(20_971_520, (await standIn.First.GetFile(most.Document!.FileId)).FileSize);
        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.GetFile(more.Document!.FileId));

        Assert.Equal("Bad Request: file is too big", refusal.Message);
    }

    [Fact(Timeout = 30000)]
    public async Task A_link_ends_after_an_hour_and_the_next_one_is_another()
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync(Content);
        var link = await standIn.LinkAsync(message.Document!.FileId);

        standIn.Server.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(Content, await standIn.Http.GetByteArrayAsync(link));
        standIn.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        var ended = await standIn.Http.GetAsync(link);
        var renewed = await standIn.LinkAsync(message.Document.FileId);

        Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);
        Assert.Matches(@"/documents/file_\d+\.bin$", link);
        Assert.NotEqual(link, renewed);
        Assert.Equal(Content, await standIn.Http.GetByteArrayAsync(renewed));
    }

    [Fact(Timeout = 30000)]
    public async Task A_link_is_of_no_use_to_another_bot_or_without_a_token()
    {
        await using var standIn = await StandIn.StartAsync();
        var link = await standIn.LinkToNewAsync(Content);

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await standIn.Http.GetAsync(link.Replace(StandIn.FirstToken, StandIn.SecondToken, StringComparison.Ordinal))).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await standIn.Http.GetAsync(link.Replace(StandIn.FirstToken, "333:nobody", StringComparison.Ordinal))).StatusCode
        );
    }

    [Theory(Timeout = 30000)]
    [InlineData("bytes=0-0", 0, 0)]
    [InlineData("bytes=1-499", 1, 499)]
    [InlineData("bytes=999-999", 999, 999)]
    [InlineData("bytes=999-5000", 999, 999)]
    [InlineData("bytes=500-", 500, 999)]
    [InlineData("bytes=-1", 999, 999)]
    [InlineData("bytes=-5000", 0, 999)]
    public async Task A_range_is_answered_with_its_bytes(string range, int first, int last)
    {
        await using var standIn = await StandIn.StartAsync();

        using var answer = await RangeAsync(standIn, range);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {first}-{last}/1000", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(Content[first..(last + 1)], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal((1, last - first + 1), (standIn.Server.Counters.Of("file"), standIn.Server.Counters.FileBytes));
    }

    [Theory(Timeout = 30000)]
    [InlineData("bytes=1000-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=5-1", HttpStatusCode.OK)]
    [InlineData("bytes=0-1,5-6", HttpStatusCode.OK)]
    public async Task A_range_that_cannot_be_given_is_416_or_the_whole(string range, HttpStatusCode status)
    {
        await using var standIn = await StandIn.StartAsync();

        using var answer = await RangeAsync(standIn, range);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 1000 : 0, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    static async Task<HttpResponseMessage> RangeAsync(StandIn standIn, string range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, await standIn.LinkToNewAsync(Content));
        request.Headers.TryAddWithoutValidation("Range", range);
        return await standIn.Http.SendAsync(request);
    }
}

static class HttpReading
{
    public static async Task<string> GetStringOrErrorAsync(this HttpClient http, string url)
    {
        using var answer = await http.GetAsync(url);
        return await answer.Content.ReadAsStringAsync();
    }
}

using System.Net;
using System.Net.Http.Headers;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace TgVault.BotApi.Tests;

public sealed class SendingTests
{
    [Fact(Timeout = 30000)]
    public async Task A_document_comes_back_as_it_was_sent()
    {
        await using var standIn = await StandIn.StartAsync();
        var content = StandIn.Bytes(300_000);

        var message = await standIn.SendAsync(content, "c.bin", "caption");
        using var read = new MemoryStream();
        await standIn.First.GetInfoAndDownloadFile(message.Document!.FileId, read);

        Assert.Equal(content, read.ToArray());
        Assert.Equal(
            (StandIn.Channel, "caption", "c.bin", 300_000L, "application/octet-stream"),
            (message.Chat.Id, message.Caption, message.Document.FileName, message.Document.FileSize, message.Document.MimeType)
        );
        var stored = Assert.Single(standIn.Server.Documents);
        Assert.Equal((300_000L, "c.bin", message.Id, false), (stored.SizeBytes, stored.Name, stored.MessageId, stored.IsDeleted));
        Assert.Equal(content, await File.ReadAllBytesAsync(stored.Path));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(standIn.Folder, "incoming")));
    }

    [Fact(Timeout = 30000)]
    public async Task A_message_has_the_keys_of_the_real_one_in_their_order()
    {
        await using var standIn = await StandIn.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent($"{StandIn.Channel}"), "chat_id" },
            { new ByteArrayContent([1]), "document", "c.bin" },
            { new StringContent("it's"), "caption" },
        };

        var answer = await standIn.Http.PostAsync($"{standIn.Server.Url}/bot{StandIn.FirstToken}/sendDocument", form);

        const string Chat = """{"id":-1001234567890,"title":"vault","type":"channel"}""";
        const string File =
            """{"file_name":"c.bin","mime_type":"application/octet-stream","file_id":"BQAC[\w-]+","file_unique_id":"AgAD[\w-]+","""
            + "\"file_size\":1}";
        Assert.Matches(
            $$$"""^{"ok":true,"result":{"message_id":2,"sender_chat":{{{Chat}}},"chat":{{{Chat}}},"date":\d+"""
                + $$$""","document":{{{File}}},"caption":"it's"}}$""",
            await answer.Content.ReadAsStringAsync()
        );
    }

    [Theory(Timeout = 30000)]
    [InlineData("c.bin", "c.bin")]
    [InlineData("a<b>c:d.bin", "a b c d.bin")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(" .hidden. ", "hidden")]
    [InlineData("...", "file")]
    [InlineData("x%41.bin", "xA.bin")]
    public async Task Names_are_cleaned(string sent, string kept)
    {
        await using var standIn = await StandIn.StartAsync();

        var message = await standIn.SendAsync([1], sent);

        Assert.Equal(kept, message.Document!.FileName);
    }

    [Fact(Timeout = 30000)]
    public async Task Long_names_are_cut_to_64_and_16_characters()
    {
        await using var standIn = await StandIn.StartAsync();

        var message = await standIn.SendAsync([1], $"{new string('s', 65)}.{new string('e', 17)}");

        Assert.Equal($"{new string('s', 64)}.{new string('e', 16)}", message.Document!.FileName);
    }

    [Fact(Timeout = 30000)]
    public async Task A_caption_of_1024_code_points_passes_and_one_more_does_not()
    {
        await using var standIn = await StandIn.StartAsync();
        var longest = string.Concat(Enumerable.Repeat("😀", 1024));

        Assert.Equal(longest, (await standIn.SendAsync([1], caption: longest)).Caption);
        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.SendAsync([1], caption: longest + "x"));

        Assert.Equal((400, "Bad Request: message caption is too long"), (refusal.ErrorCode, refusal.Message));
    }

    [Fact(Timeout = 30000)]
    public async Task What_cannot_be_sent_is_refused_in_the_words_of_Telegram()
    {
        await using var standIn = await StandIn.StartAsync();
        standIn.Server.Members.Set(111, StandIn.OtherChannel, BotRights.Member);
        standIn.Server.Members.Set(222, StandIn.Channel, BotRights.None);

        await RefusedAsync(400, "Bad Request: file must be non-empty", () => standIn.SendAsync([]));
        await RefusedAsync(
            400,
            "Bad Request: chat not found",
            () => standIn.First.SendDocument(-100555, InputFile.FromStream(new MemoryStream([1])))
        );
        await RefusedAsync(
            400,
            "Bad Request: need administrator rights in the channel chat",
            () => standIn.First.SendDocument(StandIn.OtherChannel, InputFile.FromStream(new MemoryStream([1])))
        );
        await RefusedAsync(
            403,
            "Forbidden: bot is not a member of the channel chat",
            () => standIn.Second.SendDocument(StandIn.Channel, InputFile.FromStream(new MemoryStream([1])))
        );
        await RefusedAsync(
            400,
            "Bad Request: wrong file identifier/HTTP URL specified",
            () => standIn.First.SendDocument(StandIn.Channel, InputFile.FromFileId("BQACnone"))
        );
        Assert.Empty(standIn.Server.Documents);
    }

    [Fact(Timeout = 60000)]
    public async Task A_body_over_50_MB_is_413_with_and_without_a_length()
    {
        await using var standIn = await StandIn.StartAsync();
        var content = new byte[(50 << 20) + 1];

        await RefusedAsync(413, "Request Entity Too Large", () => standIn.SendAsync(content));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{standIn.Server.Url}/bot{StandIn.FirstToken}/sendDocument")
        {
            Content = Form(content),
        };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await standIn.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(standIn.Server.Documents);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(standIn.Folder, "incoming")));
    }

    [Fact(Timeout = 30000)]
    public async Task With_the_pace_kept_the_21st_message_of_a_minute_is_429()
    {
        await using var standIn = await StandIn.StartAsync(options => options with { MessagesPerMinute = 20 });
        for (var i = 0; i < 20; i++)
            await standIn.SendAsync([1]);

        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.SendAsync([1]));
        standIn.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await standIn.SendAsync([1]);

        Assert.Equal(429, refusal.ErrorCode);
        Assert.InRange(refusal.Parameters!.RetryAfter!.Value, 1, 60);
        Assert.Equal(21, standIn.Server.Documents.Count);
    }

    [Fact(Timeout = 30000)]
    public async Task Editing_replaces_the_document_and_forwarded_messages_cannot_be_edited()
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync([1, 2, 3]);
        standIn.Server.Clock.Advance(TimeSpan.FromDays(30));

        var edited = await standIn.First.EditMessageMedia(
            StandIn.Channel,
            message.Id,
            new InputMediaDocument(InputFile.FromStream(new MemoryStream([9]), "t.bin"))
        );
        var forwarded = await standIn.First.ForwardMessage(StandIn.Channel, StandIn.Channel, message.Id);

        Assert.Equal((message.Id, 1L, "t.bin"), (edited.Id, edited.Document!.FileSize, edited.Document.FileName));
        await RefusedAsync(
            400,
            "Bad Request: message can't be edited",
            () =>
                standIn.First.EditMessageMedia(
                    StandIn.Channel,
                    forwarded.Id,
                    new InputMediaDocument(InputFile.FromStream(new MemoryStream([9])))
                )
        );
    }

    static async Task RefusedAsync(int code, string description, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<ApiRequestException>(call);
        Assert.Equal((code, description), (refusal.ErrorCode, refusal.Message));
    }

    static MultipartFormDataContent Form(byte[] content)
    {
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { new StringContent($"{StandIn.Channel}"), "chat_id" }, { file, "document", "c.bin" } };
    }
}

using System.Net;
using System.Text;

namespace TgVault.BotApi.Tests;

public sealed class RequestTests
{
    [Theory(Timeout = 30000)]
    [InlineData("/", 404, "Not Found")]
    [InlineData("/control/faults", 404, "Not Found")]
    [InlineData("/file/bot111:first-secret/documents/file_1", 404, "Not Found")]
    [InlineData("/bot111:first-secret/getNothing", 404, "Not Found: method not found")]
    [InlineData("/bot333:nobody/getMe", 401, "Unauthorized")]
    [InlineData("/bot111:first-secreT/getMe", 401, "Unauthorized")]
    [InlineData("/botnonsense/getMe", 401, "Unauthorized: invalid token specified")]
    [InlineData("/bot0111:x/getMe", 401, "Unauthorized: invalid token specified")]
    [InlineData("/bot111:first-secret/getChat", 400, "Bad Request: chat_id is empty")]
    [InlineData("/bot111:first-secret/getChat?chat_id=@vault", 400, "Bad Request: chat not found")]
    [InlineData("/bot111:first-secret/sendDocument?chat_id=-1001234567890", 400, "Bad Request: there is no document in the request")]
    [InlineData("/bot111:first-secret/deleteMessages?chat_id=-1001234567890", 400, "Bad Request: message identifiers are not specified")]
    [InlineData("/bot111:first-secret/pinChatMessage?chat_id=-1001234567890&message_id=5", 400, "Bad Request: message to pin not found")]
    public async Task A_refusal_has_its_code_and_text(string path, int code, string description)
    {
        await using var standIn = await StandIn.StartAsync();

        using var answer = await standIn.Http.GetAsync(standIn.Server.Url + path);

        Assert.Equal((HttpStatusCode)code, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal($$"""{"ok":false,"error_code":{{code}},"description":"{{description}}"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory(Timeout = 30000)]
    [InlineData("application/json", """{"chat_id":-1001234567890,"message_id":2}""")]
    [InlineData("application/json", """{"chat_id":"-1001234567890","message_id":"2"}""")]
    [InlineData("application/json; charset=utf-8", """{"chat_id":-1001234567890,"message_id":2,"unknown":{"a":[1]}}""")]
    [InlineData("application/x-www-form-urlencoded", "chat_id=-1001234567890&message_id=2")]
    [InlineData(
        "multipart/form-data; boundary=\"x\"",
        "--x\r\nContent-Disposition: form-data; name=chat_id\r\n\r\n-1001234567890\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"message_id\"\r\n\r\n2\r\n--x--\r\n"
    )]
    public async Task Parameters_come_in_every_shape(string type, string body)
    {
        await using var standIn = await StandIn.StartAsync();
        await standIn.SendAsync([1]);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await standIn.Http.PostAsync($"{standIn.Server.Url}/bot{StandIn.FirstToken}/DELETEmessage", content);

        Assert.Equal("""{"ok":true,"result":true}""", await answer.Content.ReadAsStringAsync());
        Assert.True(standIn.Server.Documents.Single().IsDeleted);
    }

    [Theory(Timeout = 30000)]
    [InlineData("application/json", "{")]
    [InlineData("application/json", "[]")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a\"\r\n\r\nabc")]
    [InlineData("multipart/form-data", "abc")]
    public async Task A_body_that_cannot_be_read_is_a_bad_request_and_leaves_nothing(string type, string body)
    {
        await using var standIn = await StandIn.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await standIn.Http.PostAsync($"{standIn.Server.Url}/bot{StandIn.FirstToken}/sendDocument", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(standIn.Folder, "incoming")));
        Assert.Empty(standIn.Server.Documents);
    }
}

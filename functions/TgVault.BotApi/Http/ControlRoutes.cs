using System.Text.Json;
using System.Text.Json.Serialization;
using TgVault.BotApi.Faults;

namespace TgVault.BotApi.Http;

/// <summary>What tests in other processes set and read: <c>/control/...</c>. Not mapped unless asked for, so it is 404 otherwise.</summary>
static class ControlRoutes
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Map(WebApplication app, BotApiServer server)
    {
        app.MapPost("/control/faults", context => ReadAsync<Fault>(context, server.Faults.Add));
        app.MapGet("/control/faults", context => WriteAsync(context, server.Faults.List()));
        app.MapDelete("/control/faults", context => DoneAsync(context, server.Faults.Clear));
        app.MapPost(
            "/control/bandwidth",
            context => ReadAsync<Bandwidth>(context, cap => server.Faults.BytesPerSecond = cap.BytesPerSecond)
        );
        app.MapGet("/control/clock", context => WriteAsync(context, new { server.Clock.Now }));
        app.MapPost(
            "/control/clock",
            context => ReadAsync<Advance>(context, by => server.Clock.Advance(TimeSpan.FromSeconds(by.AdvanceSeconds)))
        );
        app.MapGet("/control/counters", context => WriteAsync(context, server.Counters));
        app.MapDelete("/control/counters", context => DoneAsync(context, server.Counters.Reset));
        app.MapGet("/control/documents", context => WriteAsync(context, server.Documents));
        app.MapPost("/control/lose", context => ReadAsync<Loss>(context, loss => server.Lose(loss.Chat, loss.Message, loss.BytesToo)));
        app.MapPost(
            "/control/members",
            context => ReadAsync<Membership>(context, member => server.Members.Set(member.Bot, member.Chat, member.Rights))
        );
    }

    static async Task ReadAsync<T>(HttpContext context, Action<T> act)
    {
        try
        {
            act(
                await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Format, context.RequestAborted)
                    ?? throw new JsonException("Nothing was sent.")
            );
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or OverflowException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(exception.Message, context.RequestAborted);
        }
    }

    static async Task WriteAsync<T>(HttpContext context, T value)
    {
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, value, Format, context.RequestAborted);
    }

    static Task DoneAsync(HttpContext context, Action act)
    {
        act();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    sealed record Bandwidth(long BytesPerSecond);

    sealed record Advance(double AdvanceSeconds);

    sealed record Loss(long Chat, int Message, bool BytesToo);

    sealed record Membership(long Bot, long Chat, BotRights Rights);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TgVault.BotApi.Faults;
using TgVault.BotApi.Wire;

namespace TgVault.BotApi;

/// <summary>What tests in other processes set and read. JSON with snake_case names; each change answers with what stands afterwards.</summary>
sealed class ControlRoutes(BotApiServer server)
{
    public const string Prefix = "/control/";

    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public async Task ServeAsync(HttpContext context, string path, CancellationToken cancellationToken)
    {
        object? answer;
        try
        {
            answer = (context.Request.Method, path) switch
            {
                ("GET", "faults") => ListFaults(),
                ("POST", "faults") => new { Id = server.Faults.Add(await ReadAsync<Fault>(context, cancellationToken)) },
                ("DELETE", "faults") => Clear(),
                ("DELETE", _) when path.StartsWith("faults/", StringComparison.Ordinal) => RemoveFault(path["faults/".Length..]),
                ("POST", "seed") => Reseed(await ReadAsync<SeedOrder>(context, cancellationToken)),
                ("POST", "bandwidth") => SetBandwidth(await ReadAsync<BandwidthOrder>(context, cancellationToken)),
                ("POST", "clock") => Advance(await ReadAsync<ClockOrder>(context, cancellationToken)),
                ("GET", "counters") => ListCounters(),
                ("DELETE", "counters") => ClearCounters(),
                ("GET", "documents") => server.Documents(),
                ("POST", "rights") => SetRights(await ReadAsync<RightsOrder>(context, cancellationToken)),
                ("POST", "lose-message") => Lose(await ReadAsync<MessageOrder>(context, cancellationToken)),
                ("POST", "kill-file-ids") => KillIds(await ReadAsync<MessageOrder>(context, cancellationToken)),
                _ => null,
            };
        }
        catch (JsonException exception)
        {
            throw BotApiException.BadRequest("control: " + exception.Message);
        }

        if (answer is null) throw BotApiException.NotFound();
        await context.Response.WriteAsJsonAsync(answer, Options, cancellationToken);
    }

    static async Task<T> ReadAsync<T>(HttpContext context, CancellationToken cancellationToken) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Options, cancellationToken) ?? throw new JsonException("an object is needed");

    List<StandingFault> ListFaults() => server.Faults.List().Select(standing => new StandingFault(standing.Id, standing.Fault, standing.Fired)).ToList();

    List<StandingFault> Clear()
    {
        server.Faults.Clear();
        return ListFaults();
    }

    List<StandingFault>? RemoveFault(string id) => int.TryParse(id, CultureInfo.InvariantCulture, out var number) && server.Faults.Remove(number) ? ListFaults() : null;

    SeedOrder Reseed(SeedOrder order)
    {
        server.Faults.Reseed(order.Seed);
        return order;
    }

    BandwidthOrder SetBandwidth(BandwidthOrder order)
    {
        server.Faults.DownloadBytesPerSecond = Math.Max(0, order.DownloadBytesPerSecond);
        server.Faults.UploadBytesPerSecond = Math.Max(0, order.UploadBytesPerSecond);
        return order;
    }

    object Advance(ClockOrder order)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(order.AdvanceSeconds));
        return new { Now = server.Clock.GetUtcNow() };
    }

    object ListCounters() => new { server.Counters.Calls, server.Counters.FileGets, server.Counters.FileBytes, server.Counters.Fetches };

    object ClearCounters()
    {
        server.Counters.Clear();
        return ListCounters();
    }

    RightsOrder SetRights(RightsOrder order)
    {
        server.Memberships.Set(order.BotId, order.ChatId, order.Rights);
        return order;
    }

    MessageOrder Lose(MessageOrder order)
    {
        server.LoseMessage(order.ChatId, order.MessageId);
        return order;
    }

    MessageOrder KillIds(MessageOrder order)
    {
        server.KillFileIds(order.ChatId, order.MessageId);
        return order;
    }

    sealed record StandingFault(int Id, Fault Fault, int Fired);

    sealed record SeedOrder(int Seed);

    sealed record BandwidthOrder(long DownloadBytesPerSecond, long UploadBytesPerSecond);

    sealed record ClockOrder(double AdvanceSeconds);

    sealed record RightsOrder(long BotId, long ChatId, BotRights Rights);

    sealed record MessageOrder(long ChatId, int MessageId);
}

using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Webhooks;

/// <summary>Webhooks, and the messages that were sent to each.</summary>
internal sealed class WebhookRoutes(WebhookRing webhooks, Deliveries deliveries)
{
    const int MostShown = 200;

    static readonly Problem NoSuchWebhook = new(StatusCodes.Status404NotFound, "There is no webhook with this id.");

    public async Task<IResult> ListWebhooks(HttpContext context) =>
        VaultJson.Answer(new WebhookListView([.. (await webhooks.ListAsync(context.RequestAborted)).Select(WebhookView.Of)]));

    public async Task<IResult> MakeWebhook(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewWebhook>(context);
        if (body is null)
            return problem!;
        var url = body.Text("url", NewWebhook.MaxUrl, isRequired: true);
        var label = LabelOf(body) ?? "";
        var kinds = KindsOf(body);
        if (body.Problem is { } wrong)
            return wrong;
        try
        {
            var made = await webhooks.MakeAsync(url!, kinds, label, context.RequestAborted);
            return VaultJson.Answer(ViewOf(made), StatusCodes.Status201Created);
        }
        catch (ArgumentException exception)
        {
            body.Refuse("url", exception.Message);
            return body.Problem!;
        }
        catch (VaultException exception) when (exception is not StorageException)
        {
            return new Problem(StatusCodes.Status409Conflict, exception.Message) { Code = ProblemCode.TooManyWebhooks };
        }
    }

    public async Task<IResult> ChangeWebhook(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<ChangedWebhook>(context);
        if (body is null)
            return problem!;
        var change = new WebhookChange
        {
            Url = body.Text("url", NewWebhook.MaxUrl),
            Label = LabelOf(body),
            Kinds = body.Has("events") ? KindsOf(body) : null,
            IsEnabled = body.Has("enabled") ? body.Flag("enabled") : null,
        };
        if (body.Problem is { } wrong)
            return wrong;
        try
        {
            return await webhooks.ChangeAsync(IdOf(context), change, context.RequestAborted) is { } changed
                ? VaultJson.Answer(WebhookView.Of(changed))
                : NoSuchWebhook;
        }
        catch (ArgumentException exception)
        {
            body.Refuse("url", exception.Message);
            return body.Problem!;
        }
    }

    public async Task<IResult> RemoveWebhook(HttpContext context)
    {
        var id = IdOf(context);
        if (!await webhooks.RemoveAsync(id, context.RequestAborted))
            return NoSuchWebhook;
        await deliveries.RemoveAsync(id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> RotateWebhook(HttpContext context) =>
        await webhooks.RotateAsync(IdOf(context), context.RequestAborted) is { } made
            ? VaultJson.Answer(ViewOf(made), StatusCodes.Status201Created)
            : NoSuchWebhook;

    public async Task<IResult> TestWebhook(HttpContext context) =>
        await webhooks.FindAsync(IdOf(context), context.RequestAborted) is { } webhook
            ? VaultJson.Answer(DeliveryView.Of(await deliveries.TestAsync(webhook, context.RequestAborted)))
            : NoSuchWebhook;

    public async Task<IResult> ListDeliveries(HttpContext context) =>
        await webhooks.FindAsync(IdOf(context), context.RequestAborted) is { } webhook
            ? VaultJson.Answer(
                new DeliveryListView([.. (await deliveries.ListAsync(webhook, MostShown, context.RequestAborted)).Select(DeliveryView.Of)])
            )
            : NoSuchWebhook;

    public async Task<IResult> SendAgain(HttpContext context)
    {
        if (await webhooks.FindAsync(IdOf(context), context.RequestAborted) is not { } webhook)
            return NoSuchWebhook;
        var message = context.GetRouteValue("message") as string ?? "";
        return await deliveries.SendAgainAsync(webhook, message, context.RequestAborted) is { } delivery
            ? VaultJson.Answer(DeliveryView.Of(delivery))
            : new Problem(StatusCodes.Status404NotFound, "There is no message with this id; old ones are not kept.");
    }

    static string IdOf(HttpContext context) => context.GetRouteValue("webhook") as string ?? "";

    static MadeWebhookView ViewOf(MadeWebhook made) => new(WebhookView.Of(made.Webhook), made.Secret);

    static string? LabelOf(JsonBody body)
    {
        var label = body.Text("label", NewWebhook.MaxLabel);
        if (label is not null && JsonBody.HasControl(label))
            body.Refuse("label", "must be of one line");
        return label;
    }

    static ImmutableArray<LifeEventKind> KindsOf(JsonBody body)
    {
        var kinds = ImmutableArray.CreateBuilder<LifeEventKind>();
        foreach (var name in body.Texts("events", NewWebhook.MaxEvents, NewWebhook.MaxEvent) ?? [])
        {
            if (LifeEvent.Kinds.Where(kind => LifeEvent.NameOf(kind) == name).ToArray() is [var kind])
                kinds.Add(kind);
            else
                body.Refuse("events", $"may hold {string.Join(", ", LifeEvent.Kinds.Select(LifeEvent.NameOf))}");
        }

        return kinds.ToImmutable();
    }
}

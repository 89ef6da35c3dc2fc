using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Webhooks;

/// <summary>What the API's description says of webhooks.</summary>
internal static class WebhookOperations
{
    static readonly Parameter Webhook = new("webhook", "The id of a webhook.");

    public static Operation ListWebhooks { get; } =
        new("Lists the webhooks, the oldest first") { Answers = [Answer.Json<WebhookListView>(200, "The webhooks.")] };

    public static Operation MakeWebhook { get; } =
        new("Makes a webhook: an address that is told what happens to videos")
        {
            Description =
                "Messages follow Standard Webhooks: a POST of `{\"type\", \"timestamp\", \"data\"}`, where `data` is the video as this API "
                + "shows it, with `webhook-id`, `webhook-timestamp` and `webhook-signature`. Each is sent at least once, and again for a "
                + "day until it is answered with 2xx; 410 ends the webhook. Redirects are not followed.",
            Body = RequestContent.Json<NewWebhook>(),
            Answers =
            [
                Answer.Json<MadeWebhookView>(201, "The webhook, whose secret is told this once."),
                Answer.Problem(409, "There are as many webhooks as there may be.", ProblemCode.TooManyWebhooks),
            ],
        };

    public static Operation ChangeWebhook { get; } =
        new("Changes a webhook; absent fields stay, and so does its secret")
        {
            Description = "Another address ends that a webhook is disabled because the former one answered 410.",
            Parameters = [Webhook],
            Body = RequestContent.Json<ChangedWebhook>(),
            Answers = [Answer.Json<WebhookView>(200, "The webhook as it is now."), Answer.Problem(404, "There is no such webhook.")],
        };

    public static Operation RemoveWebhook { get; } =
        new("Removes a webhook; what waits to be sent to it is not sent")
        {
            Parameters = [Webhook],
            Answers = [Answer.Of(204, "Removed."), Answer.Problem(404, "There is no such webhook.")],
        };

    public static Operation RotateWebhook { get; } =
        new("Gives a webhook a new secret; for 24 hours messages are signed with the former one, too")
        {
            Parameters = [Webhook],
            Answers =
            [
                Answer.Json<MadeWebhookView>(201, "The webhook, whose new secret is told this once."),
                Answer.Problem(404, "There is no such webhook."),
            ],
        };

    public static Operation TestWebhook { get; } =
        new("Sends a message of type `webhook.test` to a webhook, once, and tells how it was answered")
        {
            Description = "One that is taken also ends that a webhook is disabled.",
            Parameters = [Webhook],
            Answers =
            [
                Answer.Json<DeliveryView>(200, "How it went; `state` says whether it was taken."),
                Answer.Problem(404, "There is no such webhook."),
            ],
        };

    public static Operation ListDeliveries { get; } =
        new("Lists the messages to a webhook, newest first: those that wait, and the last hundred that ended")
        {
            Parameters = [Webhook],
            Answers = [Answer.Json<DeliveryListView>(200, "At most 200."), Answer.Problem(404, "There is no such webhook.")],
        };

    public static Operation SendAgain { get; } =
        new("Sends a message again, now and once, whatever became of it")
        {
            Parameters = [Webhook, new("message", "The id of a message.")],
            Answers =
            [
                Answer.Json<DeliveryView>(200, "How it went; `state` says whether it was taken."),
                Answer.Problem(404, "There is no such webhook or message."),
            ],
        };
}

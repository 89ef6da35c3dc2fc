using TgVault.BotApi.Http;

namespace TgVault.BotApi.Methods;

/// <summary>One call of a method by a bot.</summary>
sealed record Call(Bot Bot, CallParameters Parameters);

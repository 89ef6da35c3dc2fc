using System.Text.Json;

namespace TgVault.Cli.Client.Links;

/// <summary>A link as the API shows it.</summary>
sealed class LinkView(JsonElement json)
{
    public JsonElement Json => json;

    public string Id => Text("id");

    public string Video => Text("video");

    public string State => Text("state");

    public string Label => Text("label");

    /// <summary>When it ends, as the API writes it.</summary>
    public string Expires => Text("expires");

    /// <summary>What it may be used for.</summary>
    public string Kinds => List("kinds");

    /// <summary>The sites that may show it; empty: any.</summary>
    public string Sites => List("origins");

    string Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    string List(string name) => string.Join(' ', json.GetProperty(name).EnumerateArray().Select(item => item.GetString()));
}

using System.Text.Json;
using TgVault.Cli.Client.Videos;

namespace TgVault.Cli.Commands.Copies;

/// <summary>What looks at many videos found, added up.</summary>
sealed class CopyTotals
{
    readonly List<string> _places = [];
    readonly Dictionary<string, PlaceTotals> _totals = [];

    public long Videos { get; set; }

    public long Chunks { get; private set; }

    public long Bytes { get; private set; }

    public long OneCopy { get; private set; }

    /// <summary>Why not all could be looked at; empty where it could.</summary>
    public string Stopped { get; set; } = "";

    public IEnumerable<(string Place, PlaceTotals Totals)> Places => _places.Select(place => (place, _totals[place]));

    public bool HasDamage => _totals.Values.Any(place => place.Missing + place.Damaged + place.WrongKey > 0);

    public bool IsUnmended => _totals.Values.Any(place => place.Missing + place.Damaged + place.WrongKey > place.Mended);

    public bool IsUnchecked => Stopped.Length > 0 || _totals.Values.Any(place => place.Unchecked > 0);

    /// <param name="report">What the vault answered.</param>
    /// <param name="isAgain">Whether it is of a second look: then all but what was suspected is counted already.</param>
    public void Add(JsonElement report, bool isAgain)
    {
        if (!isAgain)
        {
            Chunks += VideoView.Number(report, "chunks");
            Bytes += VideoView.Number(report, "bytes");
        }

        OneCopy += VideoView.Number(report, "oneCopy");
        foreach (var place in report.GetProperty("places").EnumerateArray())
        {
            var name = VideoView.Text(place, "place");
            if (!_totals.TryGetValue(name, out var totals))
            {
                _places.Add(name);
                _totals[name] = totals = new PlaceTotals();
            }

            // A second look is at what Telegram has.
            if (isAgain && name != _places[0])
                continue;
            totals.Good += VideoView.Number(place, "good");
            totals.Missing += VideoView.Number(place, "missing");
            totals.Damaged += VideoView.Number(place, "damaged");
            totals.WrongKey += VideoView.Number(place, "wrongKey");
            totals.Unchecked += VideoView.Number(place, "unchecked");
            totals.Mended += VideoView.Number(place, "mended");
        }

        foreach (var finding in report.GetProperty("findings").EnumerateArray())
        {
            if (finding.GetProperty("suspected").GetBoolean())
                Forget(_totals[VideoView.Text(finding, "place")], VideoView.Text(finding, "state"));
        }
    }

    /// <summary>What is only suspected is counted by the second look.</summary>
    static void Forget(PlaceTotals totals, string state)
    {
        if (state == "missing")
            totals.Missing--;
        else
            totals.Damaged--;
    }
}

/// <summary>How many documents of a place are how.</summary>
sealed class PlaceTotals
{
    public long Good { get; set; }
    public long Missing { get; set; }
    public long Damaged { get; set; }
    public long WrongKey { get; set; }
    public long Unchecked { get; set; }
    public long Mended { get; set; }
}

using System.Collections.Immutable;
using System.Text;
using TgVault.Core.Captioning;
using TgVault.Core.Mp4.Text;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>Makes captions of the text that an MP4 holds.</summary>
static class Mp4Captions
{
    /// <exception cref="MediaException">There is nothing to show, or more than is taken.</exception>
    public static CaptionText Of(IEnumerable<TimedText> texts) =>
        CaptionText.Of(texts.Select(text => new Cue(text.StartMilliseconds, text.EndMilliseconds, CueTextOf(text.Sample))));

    public static string CueTextOf(TextSample sample)
    {
        var cue = new StringBuilder();
        var position = 0;
        foreach (var face in sample.Faces)
        {
            cue.Append(CueText.Escape(sample.Text[position..face.Start]));
            AddTags(cue, "<", face);
            cue.Append(CueText.Escape(sample.Text[face.Start..face.End]));
            AddTags(cue, "</", face);
            position = face.End;
        }

        cue.Append(CueText.Escape(sample.Text[position..]));
        return WithoutBlankLines(cue.ToString());
    }

    static void AddTags(StringBuilder cue, string opening, TextFace face)
    {
        ImmutableArray<string> names =
        [
            .. new[] { face.IsBold ? "b" : "", face.IsItalic ? "i" : "", face.IsUnderlined ? "u" : "" }.Where(name => name.Length > 0),
        ];
        foreach (var name in opening == "<" ? names : [.. names.Reverse()])
            cue.Append(opening).Append(name).Append('>');
    }

    // QuickTime ends lines with CR.
    static string WithoutBlankLines(string text) =>
        string.Join('\n', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(line => !string.IsNullOrWhiteSpace(line)));
}

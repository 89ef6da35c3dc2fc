using System.Globalization;
using System.Text.Json;

namespace TgVault.Browser.Tests.Programs;

/// <summary>What mpv showed at one place.</summary>
/// <param name="Wanted">Where it was sent, in seconds; -1 is the start, and what is behind the end is the end.</param>
/// <param name="Number">The number in the picture.</param>
/// <param name="SoundAt">Where its sound was, in seconds; null where it does not tell, which it does only once it has some.</param>
sealed record MpvPicture(double Wanted, int Number, double? SoundAt);

/// <summary>mpv without a window: goes to places and looks there, then plays to the end.</summary>
static class Mpv
{
    // A screenshot each time that playback begins again behind a seek; with keep-open it stays on the last picture.
    const string Script = """
        local options = { places = '', folder = '' }
        require('mp.options').read_options(options, 'judge')
        local utils = require('mp.utils')
        local places, next_place, seen, failed = {}, 0, {}, false
        for place in options.places:gmatch('[^;]+') do places[#places + 1] = tonumber(place) end
        local function look(wanted)
          local file = string.format('%s/%03d.png', options.folder, #seen)
          if not mp.commandv('screenshot-to-file', file, 'video') then file = '' end
          seen[#seen + 1] = { wanted = wanted, file = file, sound = mp.get_property_number('audio-pts') }
        end
        local function leave()
          local out = io.open(options.folder .. '/seen.json', 'w')
          local json = utils.format_json({ seen = seen, duration = mp.get_property_number('duration') })
          out:write(json)
          out:close()
          mp.commandv('quit')
        end
        mp.register_event('playback-restart', function()
          if next_place > #places then return end
          look(next_place == 0 and -1 or places[next_place])
          next_place = next_place + 1
          if next_place <= #places then
            mp.commandv('seek', places[next_place], 'absolute+exact')
          else
            mp.set_property('pause', 'no')
          end
        end)
        mp.observe_property('eof-reached', 'bool', function(_, is_over)
          if is_over and next_place > #places then
            look(1e9)
            leave()
          end
        end)
        """;

    /// <summary>The pictures at the start, at the places and at the end, and the length that it tells.</summary>
    /// <exception cref="InvalidOperationException">It complained, or did not come to the end.</exception>
    public static async Task<(IReadOnlyList<MpvPicture> Pictures, double Duration)> LookAsync(string url, IEnumerable<double> places)
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-mpv-").FullName;
        try
        {
            var script = Path.Combine(folder, "judge.lua");
            await File.WriteAllTextAsync(script, Script);
            var listed = string.Join(';', places.Select(place => place.ToString("F6", CultureInfo.InvariantCulture)));
            await RunAsync(
                "--no-config",
                "--vo=null",
                "--ao=null",
                "--untimed",
                "--ao-null-untimed=yes",
                "--pause",
                "--keep-open=yes",
                "--hr-seek=yes",
                "--msg-level=all=error",
                $"--script={script}",
                $"--script-opts=judge-places={listed},judge-folder={folder}",
                url
            );
            using var told = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "seen.json")));
            var numbers = await PictureNumbers.ReadAsync(folder, "*.png");
            var pictures = told
                .RootElement.GetProperty("seen")
                .EnumerateArray()
                .Select(
                    (one, i) =>
                        new MpvPicture(
                            one.GetProperty("wanted").GetDouble(),
                            i < numbers.Count ? numbers[i] : -1,
                            one.TryGetProperty("sound", out var sound) ? sound.GetDouble() : null
                        )
                )
                .ToList();
            return (pictures, told.RootElement.GetProperty("duration").GetDouble());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task RunAsync(params string[] arguments)
    {
        var complaints = await ProgramRun.RunAsync(Environment.GetEnvironmentVariable("TGVAULT_MPV") ?? "mpv", arguments);
        if (complaints.Length > 0)
            throw new InvalidOperationException($"mpv complained: {complaints}");
    }
}

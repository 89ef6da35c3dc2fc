using System.Globalization;
using System.Text.Json;

namespace TgVault.Browser.Tests.Programs;

/// <summary>What GStreamer showed: at the start, at each place, and at the end.</summary>
/// <param name="Numbers">The numbers in the pictures.</param>
/// <param name="Duration">In seconds.</param>
/// <param name="HasSound">Whether any came.</param>
/// <param name="Problems">What it complained of.</param>
sealed record GStreamerLook(IReadOnlyList<int> Numbers, double Duration, bool HasSound, IReadOnlyList<string> Problems);

/// <summary>GStreamer's playbin without a window, by its Python binding: goes to places and looks there, then plays to the end.</summary>
static class GStreamer
{
    // Debian's own Python, for which its packages bring the binding.
    const string Python = "/usr/bin/python3";

    // With the flag for downloading (0x80), which players set: without, it cannot seek in a fragmented file that comes by HTTP.
    const string Script = """
        import json, sys, gi
        gi.require_version('Gst', '1.0')
        from gi.repository import Gst
        Gst.init(None)
        url, places = sys.argv[1], [float(place) for place in sys.argv[2:]]
        play = Gst.ElementFactory.make('playbin', None)
        pictures = Gst.parse_bin_from_description('videoconvert ! videoscale method=bilinear2 ! video/x-raw,format=GRAY8,width=64,height=4 '
            '! fakesink name=last sync=false enable-last-sample=true', True)
        sound = Gst.parse_bin_from_description('audioconvert ! fakesink name=last sync=false enable-last-sample=true', True)
        play.set_property('uri', url)
        play.set_property('video-sink', pictures)
        play.set_property('audio-sink', sound)
        play.set_property('flags', play.get_property('flags') | 0x80)
        bus, problems, seen, duration = play.get_bus(), [], [], 0

        def came(kind):
            message = bus.timed_pop_filtered(60 * Gst.SECOND, kind | Gst.MessageType.ERROR)
            if message is None:
                problems.append('nothing came')
            elif message.type == Gst.MessageType.ERROR:
                problems.append(message.parse_error()[0].message)
            else:
                return True
            return False

        def number():
            sample = pictures.get_by_name('last').get_property('last-sample')
            if sample is None:
                return -1
            buffer = sample.get_buffer()
            mapped = buffer.map(Gst.MapFlags.READ)[1]
            row = bytes(mapped.data)[64:128]
            buffer.unmap(mapped)
            return sum(1 << bit for bit in range(8) if row[8 * bit + 4] > 128)

        def seek(seconds):
            flags = Gst.SeekFlags.FLUSH | Gst.SeekFlags.ACCURATE
            if not play.seek_simple(Gst.Format.TIME, flags, int(seconds * Gst.SECOND)):
                problems.append(f'it does not seek to {seconds}')
                return False
            return came(Gst.MessageType.ASYNC_DONE)

        play.set_state(Gst.State.PAUSED)
        if came(Gst.MessageType.ASYNC_DONE):
            seen.append(number())
            duration = play.query_duration(Gst.Format.TIME)[1] / Gst.SECOND
            for place in places:
                if not seek(place):
                    break
                seen.append(number())
            if not problems and seek(0):
                play.set_state(Gst.State.PLAYING)
                if came(Gst.MessageType.EOS):
                    seen.append(number())
        heard = sound.get_by_name('last').get_property('last-sample') is not None
        print(json.dumps({'Numbers': seen, 'Duration': duration, 'HasSound': heard, 'Problems': problems}))
        play.set_state(Gst.State.NULL)
        """;

    /// <exception cref="InvalidOperationException">It did not run.</exception>
    public static async Task<GStreamerLook> LookAsync(string url, IEnumerable<double> places)
    {
        var output = await ProgramRun.RunAsync(
            Python,
            ["-c", Script, url, .. places.Select(place => place.ToString("F6", CultureInfo.InvariantCulture))]
        );
        return JsonSerializer.Deserialize<GStreamerLook>(output[output.LastIndexOf('{')..])!;
    }
}

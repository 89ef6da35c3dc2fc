using System.Text;

namespace TgVault.Cli.Chaos.Model;

/// <summary>
/// Chance that can be had again: dice of one seed and one name fall the same on every machine and every version of .NET, whoever else
/// rolls meanwhile. For one actor at a time.
/// </summary>
sealed class Dice
{
    ulong _state;

    public Dice(int seed, string name)
    {
        _state = (ulong)(uint)seed;
        foreach (var letter in Encoding.UTF8.GetBytes(name))
            _state = Noise.Mix(_state ^ letter);
    }

    /// <summary>64 bits, each as likely as not.</summary>
    public ulong Roll() => Noise.Mix(_state += Noise.Step);

    /// <summary>From 0 to below <paramref name="end"/>.</summary>
    public long Below(long end) => (long)(Roll() % (ulong)end);

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both possible.</summary>
    public int From(int first, int last) => first + (int)Below(last - first + 1);

    public bool Chance(double probability) => Unit() < probability;

    public T Of<T>(IReadOnlyList<T> choices) => choices[(int)Below(choices.Count)];

    public TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + (Unit() * (most - least)));

    /// <summary>A size between the two; small ones are as likely as large ones, decade by decade.</summary>
    public long Size(long least, long most) => (long)(least * Math.Pow((double)most / least, Unit()));

    double Unit() => (Roll() >> 11) * (1.0 / (1UL << 53));
}

using Spectre.Console;

namespace TgVault.Cli.Terminal;

/// <summary>A bar with rate and time left where standard error is a terminal, and nothing elsewhere.</summary>
static class TransferBar
{
    const int LongestTitle = 40;

    /// <summary>Runs <paramref name="work"/>, which reports (done, total) in bytes.</summary>
    public static async Task<T> RunAsync<T>(string title, Func<IProgress<(long Done, long Total)>, Task<T>> work)
    {
        if (!Output.ErrorIsTerminal)
            return await work(new Reported(_ => { }));
        return await Output
            .Error.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(Shorten(SafeText.Of(title))), maxValue: 1);
                task.IsIndeterminate = true;
                return await work(
                    new Reported(value =>
                    {
                        task.IsIndeterminate = value.Total <= 0;
                        task.MaxValue = Math.Max(value.Total, 1);
                        task.Value = value.Done;
                    })
                );
            });
    }

    static string Shorten(string title) =>
        title.Length <= LongestTitle ? title : string.Concat(title.AsSpan(0, LongestTitle - 1).TrimEnd('\uD83D'), "…");

    /// <summary>Reports at once and in order; the framework's own Progress posts to the thread pool.</summary>
    sealed class Reported(Action<(long Done, long Total)> report) : IProgress<(long Done, long Total)>
    {
        readonly Lock _lock = new();

        public void Report((long Done, long Total) value)
        {
            lock (_lock)
                report(value);
        }
    }
}

using Spectre.Console;
using Spectre.Console.Rendering;

namespace TgVault.Cli.Terminal;

/// <summary>A bar with rate and time left where standard error is a terminal; elsewhere only what is waited for.</summary>
static class TransferBar
{
    // Who writes into a terminal's last column makes some of them begin a new line.
    const int Margin = 2;

    /// <summary>Runs <paramref name="work"/>, which tells how far it is.</summary>
    public static async Task<T> RunAsync<T>(string title, Func<Transfer, Task<T>> work)
    {
        title = SafeText.Of(title);
        if (!Output.ErrorIsTerminal)
            return await work(new Transfer(title, TimeProvider.System, note => Notice.PrintError($"{title}: {note}")));
        var transfer = new Transfer(title, TimeProvider.System);
        return await Output
            .Error.Progress()
            .AutoClear(true)
            .Columns(new Line(transfer))
            .StartAsync(async context =>
            {
                context.AddTask(title.EscapeMarkup()).IsIndeterminate = true;
                return await work(transfer);
            });
    }

    sealed class Line(Transfer transfer) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(transfer.LineOf(options.ConsoleSize.Width - Margin));
    }
}

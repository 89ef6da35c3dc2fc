using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>What all actors of a run share.</summary>
/// <param name="Ending">Cancelled when nothing more is to be begun; what is under way is brought to its end.</param>
sealed record Stage(int Seed, Shelf Shelf, Tally Tally, VaultCalls Calls, CancellationToken Ending)
{
    /// <summary>Told each time that an actor begins to act.</summary>
    public Action Acts { get; init; } = () => { };

    /// <summary>Which of the vault's processes runs.</summary>
    public int Life => Calls.Vault.Life;

    /// <summary>What is answered about a film that is not there has to be so.</summary>
    public void CheckGone(Film film, string what) =>
        Tally.Check(
            Invariant.Edits,
            film.Presence.Allows(Presence.Gone, Life),
            () => $"{what} of {film.FirstName} ({film.Id}) answered 404, and nobody removed it"
        );

    public void Unforeseen(Film film, string what, Answer answer) =>
        Tally.Break(Invariant.Answers, $"{what} of {film.FirstName} ({film.Id}) answered {answer.Told}");
}

/// <summary>Somebody who uses the vault, by dice of their own, as long as the run goes on.</summary>
abstract class Actor(Stage stage, string name)
{
    protected Stage Stage => stage;

    protected Dice Dice { get; } = new(stage.Seed, name);

    protected Tally Tally => stage.Tally;

    protected VaultCalls Calls => stage.Calls;

    /// <summary>Acts until the run lets go.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!stage.Ending.IsCancellationRequested)
        {
            // Rolled before it acts: how it goes on does not depend on how it went.
            var pause = Pause();
            stage.Acts();
            await ActAsync(cancellationToken);
            await WaitAsync(pause, cancellationToken);
        }
    }

    protected abstract Task ActAsync(CancellationToken cancellationToken);

    protected abstract TimeSpan Pause();

    /// <summary>Waits, unless the run lets go before.</summary>
    protected async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stage.Ending, cancellationToken);
        try
        {
            await Task.Delay(pause, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing more is to be begun.
        }
    }

    protected bool IsKept(Film film) => film.Presence.IsOnly(Presence.Kept, stage.Life);

    protected void CheckGone(Film film, string what) => stage.CheckGone(film, what);

    protected void Unforeseen(Film film, string what, Answer answer) => stage.Unforeseen(film, what, answer);
}

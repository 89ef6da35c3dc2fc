using System.CommandLine;
using System.CommandLine.Completions;

namespace TgVault.Cli.Commands.Help;

/// <summary>A command as shells complete it.</summary>
/// <param name="Path">The words that call it: one, or two (<c>webhooks add</c>).</param>
/// <param name="Command">What it takes.</param>
sealed record CompletedCommand(string Path, Command Command)
{
    /// <summary>All commands, each behind the one it belongs to.</summary>
    public static IEnumerable<CompletedCommand> All(RootCommand root) =>
        root.Subcommands.SelectMany(command =>
            command
                .Subcommands.Select(inner => new CompletedCommand($"{command.Name} {inner.Name}", inner))
                .Prepend(new CompletedCommand(command.Name, command))
        );

    /// <summary>Whether it belongs to another command.</summary>
    public bool IsInner => Path.Contains(' ', StringComparison.Ordinal);

    public IEnumerable<Option> Options => Command.Options.Where(option => !option.Hidden);

    /// <summary>The long names of its options, and what asks for help.</summary>
    public IEnumerable<string> OptionNames =>
        Options
            .SelectMany(SpellingsOf)
            .Where(name => name.StartsWith("--", StringComparison.Ordinal))
            .Append("--help")
            .Distinct(StringComparer.Ordinal);

    /// <summary>All that an option may be called.</summary>
    public static IEnumerable<string> SpellingsOf(Option option) => option.Aliases.Prepend(option.Name).Distinct(StringComparer.Ordinal);

    /// <summary>The words that may come next: commands of its own, or what its first argument may be.</summary>
    public IEnumerable<string> Words =>
        Command.Subcommands.Count > 0 ? Command.Subcommands.Select(inner => inner.Name)
        : Command.Arguments.Count > 0 ? Labels(Command.Arguments[0].GetCompletions(CompletionContext.Empty))
        : [];

    /// <summary>What may stand behind an option; none where that is free.</summary>
    public static IEnumerable<string> ValuesOf(Option option) =>
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool)
            ? Labels(option.GetCompletions(CompletionContext.Empty))
            : [];

    static IEnumerable<string> Labels(IEnumerable<CompletionItem> items) => items.Select(item => item.Label);
}

using System.CommandLine;
using System.Text;

namespace TgVault.Cli.Commands.Help;

/// <summary><c>tgvault completion SHELL</c>: what makes a shell complete commands and options. It is made of the commands as they are, and
/// runs nothing when a key is pressed.</summary>
static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print what makes a shell complete commands: source <(./tgvault completion bash).")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var root = (RootCommand)parsed.RootCommandResult.Command;
            Console.Out.Write(
                parsed.GetRequiredValue(shell) switch
                {
                    "bash" => Bash(root),
                    "zsh" => Zsh(root),
                    _ => Fish(root),
                }
            );
        });
        return command;
    }

    static string Bash(RootCommand root)
    {
        var script = new StringBuilder();
        script.Append("_tgvault() {\n");
        script.Append("  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} at=2 words=\n");
        // What is being typed is no command yet.
        script.Append("  if ((COMP_CWORD > 2)); then case \"$command ${COMP_WORDS[2]}\" in\n");
        foreach (var inner in CompletedCommand.All(root).Where(command => command.IsInner))
            script.Append($"    '{inner.Path}') command='{inner.Path}' at=3 ;;\n");
        script.Append("  esac; fi\n");
        script.Append($"  if ((COMP_CWORD == 1)); then words='{Names(root)}'\n");
        script.Append("  elif [[ $word == -* ]]; then case $command in\n");
        foreach (var command in CompletedCommand.All(root))
            script.Append($"    '{command.Path}') words='{string.Join(' ', command.OptionNames)}' ;;\n");
        script.Append("  esac\n  else case \"$command $before\" in\n");
        foreach (var (path, option, values) in Values(root))
            script.Append($"    '{path} {option}') words='{values}' ;;\n");
        script.Append("    *) if ((COMP_CWORD == at)); then case $command in\n");
        foreach (var (path, words) in Next(root))
            script.Append($"      '{path}') words='{words}' ;;\n");
        script.Append("    esac; fi ;;\n  esac; fi\n");
        // Without words files are completed.
        script.Append("  COMPREPLY=()\n  [[ -z $words ]] || COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n");
        script.Append("complete -o default -F _tgvault tgvault\n");
        return script.ToString();
    }

    static string Zsh(RootCommand root)
    {
        var script = new StringBuilder();
        script.Append("#compdef tgvault\n_tgvault() {\n  local command=$words[2] at=3\n");
        script.Append("  if ((CURRENT == 2)); then\n    local -a commands=(\n");
        foreach (var command in root.Subcommands)
            script.Append($"      {Quote($"{command.Name}:{command.Description}")}\n");
        script.Append("    )\n    _describe command commands\n    return\n  fi\n");
        script.Append("  if ((CURRENT > 3)); then case \"$command $words[3]\" in\n");
        foreach (var inner in CompletedCommand.All(root).Where(command => command.IsInner))
            script.Append($"    '{inner.Path}') command='{inner.Path}' at=4 ;;\n");
        script.Append("  esac; fi\n  if [[ $words[CURRENT] == -* ]]; then case $command in\n");
        foreach (var command in CompletedCommand.All(root))
            script.Append($"    '{command.Path}') compadd -- {string.Join(' ', command.OptionNames)} ;;\n");
        script.Append("  esac; return; fi\n  case \"$command $words[CURRENT-1]\" in\n");
        foreach (var (path, option, values) in Values(root))
            script.Append($"    '{path} {option}') compadd -- {values}; return ;;\n");
        script.Append("  esac\n  if ((CURRENT == at)); then case $command in\n");
        foreach (var (path, words) in Next(root))
            script.Append($"    '{path}') compadd -- {words}; return ;;\n");
        script.Append("  esac; fi\n  _files\n}\ncompdef _tgvault tgvault\n");
        return script.ToString();
    }

    static string Fish(RootCommand root)
    {
        var script = new StringBuilder();
        // Which command is called: what is being typed is none yet.
        script.Append("function __tgvault_command\n  set -l words (commandline -opc)\n  switch \"$words[2] $words[3]\"\n");
        foreach (var inner in CompletedCommand.All(root).Where(command => command.IsInner))
            script.Append($"    case '{inner.Path}'\n      echo '{inner.Path}'\n      return\n");
        script.Append("  end\n  echo \"$words[2]\"\nend\n");
        foreach (var command in root.Subcommands)
            script.Append(
                $"complete -c tgvault -n 'test -z (__tgvault_command)' -f -a {command.Name} -d {Quote(command.Description ?? "")}\n"
            );
        script.Append("complete -c tgvault -l help -d 'Show help.'\n");
        foreach (var command in CompletedCommand.All(root))
        {
            foreach (var option in command.Options)
                script.Append($"{Behind(command.Path)}{Spelling(option)}{Taking(option)} -d {Quote(option.Description ?? "")}\n");
        }

        foreach (var (path, words) in Next(root))
        {
            var at = path.Split(' ').Length + 1;
            script.Append($"complete -c tgvault -n 'test (__tgvault_command) = \"{path}\"; ");
            script.Append($"and test (count (commandline -opc)) = {at}' -f -a '{words}'\n");
        }

        return script.ToString();

        static string Behind(string path) => $"complete -c tgvault -n 'test (__tgvault_command) = \"{path}\"'";

        static string Spelling(Option option) =>
            string.Concat(
                CompletedCommand
                    .SpellingsOf(option)
                    .Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}")
            );

        static string Taking(Option option) =>
            string.Join(' ', CompletedCommand.ValuesOf(option)) is { Length: > 0 } values ? $" -x -a '{values}'"
            : option.ValueType == typeof(bool) ? ""
            : " -r";
    }

    static string Names(RootCommand root) => string.Join(' ', root.Subcommands.Select(command => command.Name));

    /// <summary>Options that take one of some words.</summary>
    static IEnumerable<(string Path, string Option, string Values)> Values(RootCommand root) =>
        from command in CompletedCommand.All(root)
        from option in command.Options
        let values = string.Join(' ', CompletedCommand.ValuesOf(option))
        where values.Length > 0
        select (command.Path, option.Name, values);

    /// <summary>Commands behind which one of some words stands.</summary>
    static IEnumerable<(string Path, string Words)> Next(RootCommand root) =>
        CompletedCommand
            .All(root)
            .Select(command => (command.Path, string.Join(' ', command.Words)))
            .Where(next => next.Item2.Length > 0)
            .Append(("help", Names(root)));

    static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

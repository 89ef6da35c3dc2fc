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
        script.Append("  local word=${COMP_WORDS[COMP_CWORD]} words=\n");
        script.Append("  if ((COMP_CWORD == 1)); then\n");
        script.Append($"    words='{Names(root)}'\n");
        script.Append("  else\n    case ${COMP_WORDS[1]} in\n");
        foreach (var command in root.Subcommands)
            script.Append($"      {command.Name}) words='{Options(command)}' ;;\n");
        script.Append("    esac\n  fi\n");
        // A file, where no option is begun.
        script.Append("  if ((COMP_CWORD > 1)) && [[ $word != -* ]]; then\n");
        script
            .Append("    case ${COMP_WORDS[1]} in help) words='")
            .Append(Names(root))
            .Append("' ;; completion) words='bash zsh fish' ;; ");
        script.Append("*) COMPREPLY=(); return ;; esac\n");
        script.Append("  fi\n");
        script.Append("  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n");
        script.Append("complete -o default -F _tgvault tgvault\n");
        return script.ToString();
    }

    static string Zsh(RootCommand root)
    {
        var script = new StringBuilder();
        script.Append("#compdef tgvault\n_tgvault() {\n  if ((CURRENT == 2)); then\n    local -a commands=(\n");
        foreach (var command in root.Subcommands)
            script.Append($"      {Quote($"{command.Name}:{command.Description}")}\n");
        script.Append("    )\n    _describe command commands\n    return\n  fi\n");
        script.Append("  if [[ $words[CURRENT] != -* ]]; then _files; return; fi\n  case $words[2] in\n");
        foreach (var command in root.Subcommands)
            script.Append($"    {command.Name}) compadd -- {Options(command)} ;;\n");
        script.Append("  esac\n}\ncompdef _tgvault tgvault\n");
        return script.ToString();
    }

    static string Fish(RootCommand root)
    {
        var script = new StringBuilder();
        foreach (var command in root.Subcommands)
        {
            script.Append($"complete -c tgvault -n __fish_use_subcommand -f -a {command.Name} -d {Quote(command.Description ?? "")}\n");
            foreach (var option in command.Options.Where(option => !option.Hidden))
                script.Append(
                    $"complete -c tgvault -n '__fish_seen_subcommand_from {command.Name}' -l {option.Name.TrimStart('-')} "
                        + $"-d {Quote(option.Description ?? "")}\n"
                );
        }

        return script.ToString();
    }

    static string Names(RootCommand root) => string.Join(' ', root.Subcommands.Select(command => command.Name));

    static string Options(Command command) =>
        string.Join(' ', command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append("--help").Distinct());

    static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.Completion;

/// <summary>Creates the commands by which a shell completes a command line.</summary>
internal static class CompletionCommand
{
    private const string SuggestName = "suggest";

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _apikeyauth_complete() {
              local IFS=$'\n'
              COMPREPLY=( $(compgen -W "$(apikeyauth suggest "$COMP_POINT" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
            }
            complete -o default -F _apikeyauth_complete apikeyauth
            """,
        ["zsh"] = """
            _apikeyauth_complete() {
              local -a suggestions
              suggestions=("${(@f)$(apikeyauth suggest "${#BUFFER}" "$BUFFER" 2>/dev/null)}")
              if [[ -n "$suggestions" ]]; then
                compadd -a suggestions
              else
                _files
              fi
            }
            (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u -D; }
            compdef _apikeyauth_complete apikeyauth
            """,
        ["fish"] = """
            complete -c apikeyauth -a '(apikeyauth suggest (string length -- (commandline -cp)) (commandline -cp) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName apikeyauth -ScriptBlock {
              param($wordToComplete, $commandAst, $cursorPosition)
              apikeyauth suggest $cursorPosition "$commandAst" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };

    public static Command Create(ToolConsole console)
    {
        var shell = new Argument<string>("shell") { Description = "The shell: bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new ToolCommand(
            "completion",
            "Writes the script by which a shell completes the commands.",
            "source <(apikeyauth completion bash)",
            "apikeyauth completion fish > ~/.config/fish/completions/apikeyauth.fish",
            "apikeyauth completion pwsh >> $PROFILE")
        {
            shell,
        };
        command.SetAction(result => console.Out.WriteLine(Scripts[result.GetRequiredValue(shell)]));
        return command;
    }

    /// <summary>Creates the hidden command that the scripts call.</summary>
    public static Command CreateSuggestions(ToolConsole console, Func<Command> getRoot)
    {
        var position = new Argument<int>("position");
        var line = new Argument<string>("line");
        var command = new ToolCommand(
            SuggestName, "Lists the completions of a command line.", "apikeyauth suggest 15 \"apikeyauth keys \"")
        {
            position,
            line,
        };
        command.Hidden = true;
        command.SetAction(result =>
        {
            var text = result.GetRequiredValue(line);
            var end = Math.Clamp(result.GetRequiredValue(position), 0, text.Length);

            // A cursor after the end means that a shell cut the space before it.
            text = text[..end] + (result.GetRequiredValue(position) > text.Length ? " " : "");
            foreach (var completion in getRoot().Parse(text).GetCompletions(text.Length))
            {
                console.Out.WriteLine(completion.Label);
            }
        });
        return command;
    }
}

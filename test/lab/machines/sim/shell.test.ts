// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the rows are shell, not templates
import assert from 'node:assert/strict'
import { bareHost, sh } from './bare-host.ts'

/** Text in, what GNU bash 5.2 prints and returns out. Each row was compared with the real one. */
const rows: [string, string, number?][] = [
  ['f() { return 7; }; if f; then :; else echo $?; fi; if f; then :; fi; echo $?', '7\n0\n'],
  [
    'false; for x in 1; do echo $?; done; false; case a in a) echo $? ;; esac; while ! false; do echo $?; break; done',
    '1\n1\n0\n',
  ],
  ['fin() { local code=$?; echo "fin $code"; }; trap fin EXIT; (exit 4); fin; exit 3', 'fin 4\nfin 3\n', 3],
  ['printf "a13\\tz\\n" | tr -d "\\000-\\011\\013-\\037\\177"', 'a13z\n'],
  ['x=5; y="$x b"; echo "$y" $((x*2+1)) ${z:-def} ${#y}', '5 b 11 def 3\n'],
  ['set -euo pipefail; false; echo no', '', 1],
  ['set -e; false || echo ok; if false; then :; fi; ! true; false | true; echo end', 'ok\nend\n'],
  ["set -eo pipefail; trap 'echo exit $?' EXIT; false | true; echo no", 'exit 1\n', 1],
  ['f() { local a=1; echo "in $1 $a"; return 3; }; f x; echo $?', 'in x 1\n3\n'],
  ['trap \'echo "$? $LINENO $BASH_COMMAND"\' ERR\nfalse\n(exit 4)', '1 2 false\n4 3 (exit 4)\n', 4],
  ['set -e; f() { false; echo in; }; if f; then echo t; fi; f || echo g; f; echo no', 'in\nt\nin\n', 1],
  ['while read -r a b; do echo "$b-$a"; done <<< $\'x y z\\np q\'', 'y z-x\nq-p\n'],
  ['case foo.txt in *.md) echo md;; *.txt|*.x) echo txt;; esac', 'txt\n'],
  ['echo {a,b}{1..3} {01..03}', 'a1 a2 a3 b1 b2 b3 01 02 03\n'],
  ['cat <<EOF\na $((1+2)) $(echo hi) \\$x\nEOF', 'a 3 hi $x\n'],
  ['a=(1 "2 3" 4); echo ${#a[@]} "${a[1]}"; a+=(5); echo ${a[-1]} ${!a[@]}', '3 2 3\n5 0 1 2 3\n'],
  [
    's=hello.tar.gz; echo ${s%.*} ${s%%.*} ${s#*.} ${s##*.} ${s/l/L} ${s//l/L} ${s:1:3} ${s^^}',
    'hello.tar hello tar.gz gz heLlo.tar.gz heLLo.tar.gz ell HELLO.TAR.GZ\n',
  ],
  ['[[ abc =~ ^a(.)c$ ]] && echo ${BASH_REMATCH[1]}', 'b\n'],
  ['sleep 1 & wait $!; echo $?; (exit 5) & wait $!; echo $?', '0\n5\n'],
  ['exec > >(tr a-z A-Z); echo loud', 'LOUD\n'],
  ['timeout 1 sleep 5; echo $?', '124\n'],
  ['false | true | (exit 3); echo "${PIPESTATUS[@]}"', '1 0 3\n'],
  ['yes | head -n 1; echo "${PIPESTATUS[@]}"', 'y\n141 0\n'],
  ['printf "%s-%03d|%-4s|\\n" a 7 b', 'a-007|b   |\n'],
  ['mkdir -p a/b; touch a/b/c a/d; echo a/* a/*/*', 'a/b a/d a/b/c\n'],
  ['IFS=: ; p=a:b:c; set -- $p; echo $#', '3\n'],
  ['trap "echo bye" EXIT; exit 3', 'bye\n', 3],
  ['x=$(echo out; exit 3); echo "$x $?"', 'out 3\n'],
]

describe('the shell of a simulated machine', () => {
  for (const [text, out, code = 0] of rows) {
    it(`runs ${JSON.stringify(text)}`, async () => {
      const result = await sh(bareHost(), text)
      assert.deepEqual([result.out, result.code], [out, code], result.err)
    })
  }

  const messages: [string, string, number][] = [
    ['nosuch', 'bash: line 1: nosuch: command not found\n', 127],
    ['./nosuch', 'bash: line 1: ./nosuch: No such file or directory\n', 127],
    ['/tmp', 'bash: line 1: /tmp: Is a directory\n', 126],
    ['touch x; ./x', 'bash: line 1: ./x: Permission denied\n', 126],
    ['echo x > /nonexistent/y', 'bash: line 1: /nonexistent/y: No such file or directory\n', 1],
    ['set -u; echo $y', 'bash: line 1: y: unbound variable\n', 127],
    ['cat /nonexistent', 'cat: /nonexistent: No such file or directory\n', 1],
    ['readonly r=1; r=2', 'bash: line 1: r: readonly variable\n', 1],
    ['[ 1 -eq a ]', 'bash: line 1: [: a: integer expression expected\n', 2],
  ]
  for (const [text, err, code] of messages) {
    it(`says what bash says of ${JSON.stringify(text)}`, async () => {
      const result = await sh(bareHost(), text)
      assert.deepEqual([result.err, result.code], [err, code])
    })
  }
})

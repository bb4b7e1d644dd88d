import CPeers
import SecurityCore

// Prints microseconds of the processor: for reading the file of words, and for judging one password. Medians of rounds.
// usage: StrengthBench WORDS < PASSWORDS, one a line.

func median(_ rounds: Int, _ body: () -> Void) -> Double {
    let times = (0..<rounds).map { _ in
        let start = cpeers_cpu()
        body()
        return cpeers_cpu() - start
    }
    return times.sorted()[rounds / 2] * 1e6
}

let path = CommandLine.arguments.last ?? ""
var lines: [[UInt8]] = []
while let line = readLine() { lines.append(Array(line.utf8)) }
let dictionary = try StrengthDictionary(path: path)
var sum = 0
let open = median(15) { sum += (try? StrengthDictionary(path: path)) == nil ? 1 : 0 }
let judge = median(5) {
    for line in lines { sum += dictionary.estimate(line.span, words: []).score }
}
guard sum > 0, !lines.isEmpty else { fatalError("no passwords, or all of score 0") }
print(open, judge / Double(lines.count))

import CPeers
import SecurityCore

// Look-ups of breached passwords in a list and in a filter made of it, warm, and the filter's false positives.
// usage: BreachedBench LIST FILTER; the list knows "password 0" to "password 999" (breached_list.c).

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func fixed(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100)." + (fraction < 10 ? "0" : "") + "\(fraction)"
}

func row(_ name: String, _ value: String) {
    print(name + String(repeating: " ", count: max(1, 58 - name.count)) + value)
}

/// Microseconds of the processor for one look-up, system calls included: the median of interleaved rounds. Half of the passwords are known.
func compare(_ bodies: [(String) -> Int]) -> [Double] {
    let passwords = (0..<1000).map { $0 % 2 == 0 ? "password \($0)" : "unknown \($0)" }
    var times: [[Double]] = bodies.map { _ in [] }
    for round in 0..<16 {
        for (index, body) in bodies.enumerated() {
            let start = cpeers_cpu()
            var found = 0
            for password in passwords where body(password) > 0 { found += 1 }
            let time = (cpeers_cpu() - start) / Double(passwords.count) * 1e6
            if found < 500 { print("WRONG: \(index) overlooks passwords") }
            // The first round brings the pages into memory.
            if round > 0 { times[index].append(time) }
        }
    }
    return times.map { $0.sorted()[$0.count / 2] }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fatalError("usage: BreachedBench LIST FILTER") }
let (listPath, filterPath) = (arguments[1], arguments[2])
var size = 0
guard let peer = cpeers_list_open(listPath, &size) else { fatalError("no list") }
let list = try BreachedSource.open(listPath, count: 1)
let filter = try BreachedSource.open(filterPath, count: 1)

let times = compare([
    { password in (try? BreachedSource.open(listPath, count: 1).count(of: bytes(password).span)) ?? 0 },
    { password in (try? list.count(of: bytes(password).span)) ?? 0 },
    { password in cpeers_list_find(peer, size, password) },
    { password in (try? BreachedSource.open(filterPath, count: 1).count(of: bytes(password).span)) ?? 0 },
])
row("look-up in the list, opened each time, us", fixed(times[0]))
row("look-up in the open list, us", fixed(times[1]))
row("binary search in C over the mapped list, us", fixed(times[2]))
row("ratio of the open list to C", fixed(times[1] / times[2]))
row("look-up in the filter, opened each time, us", fixed(times[3]))

let trials = 1_000_000
var hits = 0
for number in 0..<trials where try filter.count(of: bytes("unknown \(number)").span) > 0 { hits += 1 }
row("false positives among \(trials) unknown passwords", "\(hits)")
if let facts = try BreachedSource.filter(filterPath) {
    row("expected", fixed(Double(trials) / Double(max(facts.falsePositiveInterval, 1))))
    row("bytes of the filter for a million hashes", "\(Int(Double(facts.size) * 1e6 / Double(max(facts.hashCount, 1))))")
}

import Foundation
import Testing

@testable import SecurityCore

/// Filters made of the published list.
@Suite struct BreachedFilterTests {
    let fixture: BreachedFixture

    init() throws {
        fixture = try BreachedFixture()
    }

    /// Makes a filter as `securityctl breached build` does.
    private func build(_ list: String, minimum: Int = 1, bits: Int = 10, to name: String = "filter") throws -> String {
        let source = try BreachedFile(path: fixture.write(list))
        let shape = FilterShape(
            values: try HashListScan.estimate(source, minimum: minimum), falsePositiveBits: bits)
        let file = try NewBreachedFile(path: fixture.path(name))
        var builder = FilterBuilder(shape, minimumCount: minimum, file: file)
        var scan = HashListScan(source)
        while let line = try scan.next() {
            if line.count >= minimum { try builder.add(line.key) }
        }
        try builder.finish()
        try file.keep()
        return fixture.path(name)
    }

    private func filter(_ path: String) throws(BreachedError) -> BreachedFilter {
        try BreachedFilter(BreachedFile(path: path))
    }

    /// A filter of keys that need no list.
    private func build(keys: [UInt64], _ shape: FilterShape) throws -> BreachedFilter {
        let path = fixture.path("keys")
        let file = try NewBreachedFile(path: path)
        var builder = FilterBuilder(shape, minimumCount: 1, file: file)
        for key in keys { try builder.add(key) }
        try builder.finish()
        try file.keep()
        return try filter(path)
    }

    @Test(arguments: [1, 2, 255, 256, 257, 3000, 20_000])
    func `no password of the list is overlooked`(_ count: Int) throws {
        let path = try build(BreachedFixture.list(count))
        let filter = try filter(path)
        try filter.verify()
        #expect(filter.hashCount == count)
        for number in 0..<count where try filter.count(of: "password \(number)") != 1 {
            Issue.record("password \(number) is overlooked")
        }
    }

    @Test(arguments: [6, 10, 14]) func `the rate of false positives is the one that is stated`(_ bits: Int) throws {
        let filter = try filter(build(BreachedFixture.list(3000), bits: bits))
        let trials = 40_000
        var hits = 0
        for number in 0..<trials where try filter.count(of: "no password \(number)") > 0 { hits += 1 }
        #expect(filter.falsePositiveInterval >= 1 << bits && filter.falsePositiveInterval <= 2 << bits)
        // The expectation, and six standard deviations of it.
        let expected = Double(trials) / Double(filter.falsePositiveInterval)
        #expect(abs(Double(hits) - expected) <= 6 * expected.squareRoot() + 1)
    }

    @Test func `only passwords with the least count are in it`() throws {
        let path = try build(BreachedFixture.list(2000), minimum: 41)
        let filter = try filter(path)
        #expect(filter.hashCount == 400)
        #expect(try filter.count(of: "password 40") == 41)
        #expect(try filter.count(of: "password 49") == 41)
        var others = 0
        for number in 0..<2000 where number % 50 < 40 {
            if try filter.count(of: "password \(number)") > 0 { others += 1 }
        }
        #expect(others < 20)
    }

    @Test func `a filter is told from a list, and for another count it is an error`() throws {
        let path = try build(BreachedFixture.list(500), minimum: 5)
        #expect(try BreachedSource.open(path, count: 5) is BreachedFilter)
        #expect(throws: BreachedError.otherCount(path: path, made: 5, wanted: 1)) {
            try BreachedSource.open(path, count: 1)
        }
    }

    @Test func `hashes at both ends of the range and side by side are kept`() throws {
        let keys: [UInt64] = [0, 0, 1, 1 << 40, (1 << 40) + (1 << 30), .max - 1, .max, .max]
        for shape in [
            FilterShape(values: 1, falsePositiveBits: 6), FilterShape(values: 1 << 20, falsePositiveBits: 24),
        ] {
            let filter = try build(keys: keys, shape)
            for key in keys { #expect(try filter.count(of: key) == 1) }
            #expect(try filter.count(of: 1 << 63) == 0)
        }
    }

    @Test func `an empty filter knows nothing`() throws {
        let filter = try build(keys: [], FilterShape(values: 0, falsePositiveBits: 10))
        #expect(try filter.count(of: "password") == 0)
        #expect(filter.falsePositiveInterval == 0)
    }

    @Test func `a filter takes less than two bytes for each hash`() throws {
        let filter = try build(
            keys: (0..<200_000).map { UInt64($0) &* (.max / 200_000) },
            FilterShape(values: 200_000, falsePositiveBits: 10))
        #expect(filter.size - FilterHeader.size < 200_000 * 2)
    }

    @Test func `a shape holds its promise`() {
        for values: Int64 in [0, 1, 2, 3, 255, 256, 257, 1 << 20, (1 << 20) + 1, 1_000_000_000, .max] {
            for bits in [6, 10, 24] {
                let shape = FilterShape(values: values, falsePositiveBits: bits)
                #expect((1...64).contains(shape.valueBits) && (1...24).contains(shape.remainderBits))
                #expect(shape.localBits <= bits + 8 && shape.directoryBits <= 32)
                guard values < 1 << 40 else { continue }
                #expect(UInt64(max(values, 1)) << UInt64(bits) <= UInt64(1) << UInt64(shape.valueBits))
            }
        }
    }

    @Test func `a damaged filter is an error or found out by its digests`() throws {
        let path = try build(BreachedFixture.list(3000))
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var bytes = whole
            let place = Int.random(in: 8..<bytes.count, using: &random)
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            // The blank space of the header says nothing.
            guard !(FilterHeader.usedSize..<FilterHeader.size).contains(place) else { continue }
            let damaged = try fixture.write(bytes, to: "damaged")
            for number in 0..<20 { _ = try? BreachedSource.open(damaged, count: 1).count(of: "password \(number)") }
            #expect(throws: BreachedError.self) { try filter(damaged).verify() }
        }
    }

    @Test(arguments: [8, 100, 160, 4095, 4096, 5000]) func `a filter that was cut off is an error`(_ size: Int) throws {
        let path = try build(BreachedFixture.list(3000))
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let cut = try fixture.write(Array(whole.prefix(size)), to: "cut")
        #expect(throws: BreachedError.damaged(path: cut)) { try BreachedSource.open(cut, count: 1) }
    }

    @Test func `a filter of a later version is an error`() throws {
        let path = try build(BreachedFixture.list(30))
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[8] = 2
        let later = try fixture.write(bytes, to: "later")
        #expect(throws: BreachedError.unknownVersion(path: later, version: 2)) {
            try BreachedSource.open(later, count: 1)
        }
    }

    @Test func `a file that is given up leaves nothing behind`() throws {
        let target = fixture.path("target")
        do {
            let file = try NewBreachedFile(path: target)
            try file.write([1, 2, 3], at: 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).count == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).isEmpty)
    }
}

/// Reading a list as a whole.
@Suite struct HashListScanTests {
    private func scan(_ text: String, minimum: Int = 1) throws -> (lines: Int, estimate: Int64) {
        let fixture = try BreachedFixture()
        let file = try BreachedFile(path: fixture.write(text))
        var scan = HashListScan(file)
        while try scan.next() != nil {}
        return (scan.lines, try HashListScan.estimate(file, minimum: minimum))
    }

    @Test(arguments: [1, 100, 20_000, 60_000]) func `every line is read, and about as many are foreseen`(_ count: Int)
        throws
    {
        let (lines, estimate) = try scan(BreachedFixture.list(count))
        #expect(lines == count)
        #expect(abs(estimate - Int64(count)) <= Int64(count / 50))
    }

    @Test func `lines with a lower count are not foreseen`() throws {
        let (lines, estimate) = try scan(BreachedFixture.list(20_000), minimum: 26)
        #expect(lines == 20_000)
        #expect((9000...11_000).contains(estimate))
    }

    @Test func `the order and the form of each line are checked`() throws {
        let list = BreachedFixture.list(40_000).split(separator: "\r\n").map(String.init)
        var swapped = list
        swapped.swapAt(30_000, 30_001)
        #expect(throws: BreachedError.self) { try scan(swapped.joined(separator: "\n")) }
        var broken = list
        broken[35_000] = "x" + broken[35_000]
        #expect(throws: BreachedError.self) { try scan(broken.joined(separator: "\n")) }
        #expect(throws: BreachedError.self) { try scan(list.prefix(39_000).joined(separator: "\n")) }
    }
}

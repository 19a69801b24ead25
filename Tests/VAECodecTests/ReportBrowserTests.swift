import FoundationEssentials
import TestSupport
import Testing
import VAE

@testable import VAECodec

/// The page of a report in a browser as wide as a phone.
@Suite struct ReportBrowserTests {
  /// A program that runs pages without a window; nil where there is none.
  private static let browser = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(
    separator: ":"
  )
  .flatMap { folder in
    ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" }
  }.first(where: FileSystem.isRegular)

  /// Comes before anything else in the page: notes errors, and tells the page around it what it finds.
  private static let probe = """
    <script>
    const found = {errors: []};
    addEventListener('error', e => found.errors.push(String(e.message)));
    addEventListener('securitypolicyviolation', e => found.errors.push(e.violatedDirective));
    console.error = console.warn = (...words) => found.errors.push(words.join(' '));
    addEventListener('DOMContentLoaded', () => {
      for (const image of document.images) image.loading = 'eager';
    });
    addEventListener('load', () => {
      const names = () => [...document.querySelectorAll('tbody th')].map(cell => cell.textContent[0]);
      const after = () => getComputedStyle(document.querySelector('.after')).clipPath;
      found.images = [...document.images].filter(image => image.naturalWidth > 0).length;
      found.before = after();
      const slider = document.querySelector('input[type=range]');
      slider.value = 80;
      slider.dispatchEvent(new Event('input', {bubbles: true}));
      found.after = after();
      found.names = [names()];
      for (const index of [1, 0, 0, 2]) {
        document.querySelectorAll('thead button')[index].click();
        found.names.push(names());
      }
      found.sorted = [...document.querySelectorAll('thead th')].map(cell => cell.ariaSort);
      const root = document.documentElement;
      found.overflow = root.scrollWidth - root.clientWidth;
      parent.postMessage(JSON.stringify(found), '*');
    });
    </script>
    """

  @Test(
    .enabled(if: browser != nil, "there is no Chromium to open the page in"),
    .timeLimit(.minutes(1)))
  func `a browser shows the page, moves its sliders and sorts its table`() throws {
    let folder = try TemporaryFolder()
    let page = String(decoding: try ReportPageTests.page().html(), as: UTF8.self)
    let probed = page.replacing("<style>", with: Self.probe + "<style>", maxReplacements: 1)
    try folder.write(Array(probed.utf8), to: "page.html")
    let frame = """
      <pre></pre><iframe src="page.html" style="width:360px;height:640px;border:0"></iframe>
      <script>onmessage = e => document.querySelector('pre').textContent = e.data</script>
      """
    try folder.write(Array(frame.utf8), to: "frame.html")
    let run = try CommandLineRun.shell(
      "exec \"$1\" --headless --no-sandbox --disable-gpu --user-data-dir=profile "
        + "--virtual-time-budget=5000 --dump-dom \"file://$2\"",
      [try #require(Self.browser), folder.path("frame.html")], in: folder)
    let start = try #require(run.text.firstRange(of: "<pre>{"), "\(run)")
    let end = try #require(run.text.firstRange(of: "}</pre>"))
    let text = run.text[start.lowerBound..<end.upperBound].dropFirst(5).dropLast(6)
    let data = Data(text.replacing("&lt;", with: "<").utf8)
    let found = try JSONDecoder().decode(Finding.self, from: data)
    #expect(found.errors.isEmpty)
    #expect(found.images == 9)
    #expect(found.before.hasSuffix("50%)") && found.after.hasSuffix("80%)"), "\(found)")
    // As it comes, by PSNR the other way, by name both ways, and by SSIM: the failure has none.
    #expect(found.names == ["b<pg", "gp<b", "<bgp", "pgb<", "<pgb"].map { $0.map(String.init) })
    #expect(found.sorted[2] == "ascending" && found.sorted.compactMap(\.self).count == 1)
    #expect(found.overflow == 0)
  }

  private struct Finding: Decodable {
    let errors: [String]
    let images: Int
    let before: String
    let after: String
    let names: [[String]]
    let sorted: [String?]
    let overflow: Int
  }
}

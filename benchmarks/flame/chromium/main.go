// Command chromium opens a page in a headless Chromium and prints, as JSON, how long it
// took to be drawn, how many frames a second it makes while it is zoomed and panned, and
// the most memory its process had:
//
//	chromium -ready EXPRESSION -target SELECTOR ADDRESS
//
// A module of its own, so that the product does not depend on the library for that.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
)

const (
	// patience bounds one page: nobody waits longer.
	patience = time.Minute
	// between is how long to wait before looking again.
	between = 50 * time.Millisecond
)

// figures are what came of a page.
type figures struct {
	Drawn  float64 `json:"drawn_seconds"`  // from the start of loading to the picture after it was ready
	Zoom   float64 `json:"zoom_frames"`    // a second
	Pan    float64 `json:"pan_frames"`     // a second
	Slow   float64 `json:"slowest_frame"`  // seconds
	Memory float64 `json:"peak_megabytes"` // resident, of the page's process
}

func main() {
	ready := flag.String("ready", `document.documentElement.dataset.ready === 'yes'`, "JavaScript that is true when the page is drawn")
	target := flag.String("target", "#graph", "the element that is zoomed and panned; empty for none")
	flag.Parse()
	f, err := measure(flag.Arg(0), *ready, *target)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chromium:", err)
		os.Exit(1)
	}
}

// watch notes when the page is drawn, without anyone asking: a loop from picture to picture.
const watch = `(() => {
  const look = () => {
    let is = false;
    try { is = Boolean(%s); } catch { }
    if (is) requestAnimationFrame(() => { window.drawnAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()`

// turn turns the wheel for each picture, for two seconds: with Ctrl in and out, or with Shift to and fro.
const turn = `new Promise((done) => {
  const target = document.querySelector(%s);
  const box = target.getBoundingClientRect();
  const start = performance.now();
  let frames = 0, last = start, slowest = 0;
  const step = () => {
    const now = performance.now();
    if (frames > 1) slowest = Math.max(slowest, now - last);
    last = now;
    if (now - start > 2000) { done([frames / (now - start) * 1000, slowest / 1000]); return; }
    const way = Math.floor((now - start) / 500) %% 2 ? 1 : -1;
    target.dispatchEvent(new WheelEvent('wheel', { deltaY: way * 20, ctrlKey: %v, shiftKey: %v, bubbles: true, cancelable: true,
      clientX: box.left + box.width * 0.37, clientY: box.top + box.height / 2 }));
    frames++;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`

func measure(address, ready, target string) (figures, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return figures{}, errors.New("no Chromium (Debian: apt-get install chromium)")
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.WindowSize(1920, 1080), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("allow-file-access-from-files", true))
	defer endAllocator()
	ctx, end := chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1920, 1080)); err != nil {
		return figures{}, err
	}
	ctx, endTime := context.WithTimeout(ctx, patience)
	defer endTime()
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: fmt.Sprintf(watch, ready)}); err != nil {
		return figures{}, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return figures{}, err
	}
	return look(ctx, target)
}

func look(ctx context.Context, target string) (f figures, err error) {
	for f.Drawn == 0 {
		time.Sleep(between)
		if f.Drawn, err = chromedp.Run(ctx, chromedp.Evaluate[float64]("(window.drawnAt ?? 0) / 1000")); err != nil {
			return f, fmt.Errorf("waiting for the page to be drawn: %w", err)
		}
	}
	if target != "" {
		zoom, err := turned(ctx, target, true)
		if err != nil {
			return f, err
		}
		pan, err := turned(ctx, target, false)
		if err != nil {
			return f, err
		}
		f.Zoom, f.Pan, f.Slow = zoom[0], pan[0], max(zoom[1], pan[1])
	}
	f.Memory, err = peak(ctx)
	return f, err
}

func turned(ctx context.Context, target string, zoom bool) ([]float64, error) {
	result, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(turn, strconv.Quote(target), zoom, !zoom), chromedp.EvalAwaitPromise))
	if err == nil && len(result) != 2 {
		err = errors.New("the page did not tell its frames")
	}
	return result, err
}

// peak is the most memory that the largest process of a page had: the page's own.
func peak(ctx context.Context) (megabytes float64, err error) {
	info, err := chromedp.CallBrowser(ctx, systeminfo.GetProcessInfo, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	for _, process := range info.ProcessInfo {
		if process.Type != "renderer" {
			continue
		}
		status, err := os.ReadFile(filepath.Join("/proc", strconv.FormatInt(process.ID, 10), "status"))
		if err != nil {
			return 0, err
		}
		_, after, _ := strings.Cut(string(status), "VmHWM:")
		line, _, _ := strings.Cut(after, "kB")
		kilobytes, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		if err != nil {
			return 0, err
		}
		megabytes = max(megabytes, kilobytes*1024/1e6)
	}
	return megabytes, nil
}

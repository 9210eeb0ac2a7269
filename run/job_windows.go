package run

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// job is a Job Object: all processes that come of the program are in it, and end with it.
type job struct{ handle windows.Handle }

// newJob makes one whose processes end when its last handle is closed, thus also when this process is killed.
func newJob() (job, error) {
	handle, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return job{}, fmt.Errorf("making a job object: %w", err)
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(handle, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		return job{}, fmt.Errorf("bounding a job object: %w", err)
	}
	return job{handle}, nil
}

// add puts a process into the job. What it started before is not in it: Go cannot start a process suspended.
func (j job) add(pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return fmt.Errorf("opening process %d: %w", pid, err)
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(j.handle, process); err != nil {
		return fmt.Errorf("putting process %d into a job object: %w", pid, err)
	}
	return nil
}

// kill ends all processes of the job.
func (j job) kill() { _ = windows.TerminateJobObject(j.handle, 1) }

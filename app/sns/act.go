package sns

import "time"

// An Act is something that an administrator or mentor did to others, as the log keeps it.
// The log cannot be edited.
type Act struct {
	ID    int64
	By    User // who did it
	Kind  ActKind
	User  User   // to whom; ID 0: to nobody in particular
	Thing string // path of the page of what was changed, such as /posts/17; or empty
	Note  string // reason or new value, as it was typed
	At    time.Time
}

// An ActKind is a kind of acts. Its sentence is the text "act.KIND".
type ActKind string

// The kinds of acts.
const (
	ActRole    ActKind = "role"    // Note is the role
	ActSuspend ActKind = "suspend" // Note is the reason
	ActLift    ActKind = "lift"    // ends a suspension
	ActDecline ActKind = "decline" // of an appeal; Note is the answer
	ActReset   ActKind = "reset"   // makes a link for a new password
	ActRename  ActKind = "rename"  // by a command of the operator
	ActEnd     ActKind = "end"     // of a room
	ActRemove  ActKind = "remove"  // from a room
	ActRestore ActKind = "restore" // lets somebody back into a room
	ActErase   ActKind = "erase"   // of a message
	ActBoard   ActKind = "board"   // changes a board

	ActCommunity ActKind = "community" // changes the community; Note names what
	ActInvite    ActKind = "invite"    // makes an invitation
	ActUninvite  ActKind = "uninvite"  // closes an invitation
	ActAccept    ActKind = "accept"    // of an application; Note is for the applicant
	ActTurnDown  ActKind = "turn_down" // of an application; Note is for the applicant
	ActDismiss   ActKind = "dismiss"   // reports
	ActHide      ActKind = "hide"      // what was reported
	ActDelete    ActKind = "delete"    // what was reported
	ActWarn      ActKind = "warn"      // whose thing was reported

	ActTakedown        ActKind = "takedown" // hides a post for a time, as somebody has asked
	ActTakedownDecline ActKind = "takedown_decline"
	ActTakedownRestore ActKind = "takedown_restore"
	ActTakedownDelete  ActKind = "takedown_delete"
)

// ActKinds are all kinds, by which the log is narrowed.
var ActKinds = []ActKind{
	ActRole, ActSuspend, ActLift, ActDecline, ActReset, ActRename, ActEnd, ActRemove, ActRestore, ActErase, ActBoard,
	ActCommunity, ActInvite, ActUninvite, ActAccept, ActTurnDown,
	ActDismiss, ActHide, ActDelete, ActWarn,
	ActTakedown, ActTakedownDecline, ActTakedownRestore, ActTakedownDelete,
}

// ActLife is how long the log keeps an act.
const ActLife = 365 * 24 * time.Hour

// An ActPage asks for acts, the newest first. Zero fields leave nothing out.
type ActPage struct {
	Kind   ActKind
	User   int64 // to whom, or who did it
	Before int64 // the id of an act
	Limit  int
}

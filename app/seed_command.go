package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"xxsns/app/config"
	"xxsns/app/seed"
	"xxsns/app/server"
)

type seedCommand struct {
	Users    int    `default:"50" help:"How many people."`
	Follows  int    `default:"600" help:"How many times somebody follows somebody."`
	Posts    int    `default:"300" help:"How many posts."`
	Comments int    `default:"900" help:"How many comments."`
	Likes    int    `default:"2500" help:"How many likes."`
	Rooms    int    `default:"12" help:"How many rooms; two of five stay open."`
	Messages int    `default:"2000" help:"How many messages are said in all rooms."`
	Images   bool   `default:"true" negatable:"" help:"Draw pictures for some of the posts."`
	Password string `help:"The password of all these people; otherwise a random one, which is printed."`
	Force    bool   `help:"Also beside people whom seed did not make."`
}

// Run fills the database.
func (c seedCommand) Run(ctx context.Context, cfg config.Config) error {
	if c.Password == "" {
		c.Password = randomPassword()
	}
	total := c.Users + c.Follows + c.Posts + c.Comments + c.Likes + c.Rooms + c.Messages
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("seed"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(0), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(term.IsTerminal(int(os.Stderr.Fd()))))
	made, err := server.Seed(ctx, cfg, seed.Size{
		Users: c.Users, Follows: c.Follows, Posts: c.Posts, Comments: c.Comments, Likes: c.Likes,
		Rooms: c.Rooms, Messages: c.Messages, Images: c.Images, Password: c.Password, Force: c.Force,
	}, func(n int) { _ = bar.Add(n) })
	if err != nil {
		_ = bar.Clear()
		return err
	}
	_ = bar.Finish()
	fmt.Printf("%d people and %d follows; %d posts, %d comments and %d likes; %d rooms and %d messages; sign in as %s with the password %q, or as %s, a mentor\n",
		made.Users, made.Follows, made.Posts, made.Comments, made.Likes, made.Rooms, made.Messages, made.Somebody, c.Password, made.Mentor)
	return nil
}

// randomPassword returns a password that is quick to type and that nobody guesses.
func randomPassword() string { return strings.ToLower(rand.Text()[:12]) }

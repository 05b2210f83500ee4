package main

// companyStories are of a mailbox in which others are at work too.
var companyStories = []story{}
